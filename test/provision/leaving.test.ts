import { describe, expect, it } from 'vitest'
import { printPlan } from '../../src/cli/terminal/print-plan.ts'
import { addUser } from '../../src/sandbox/logto/state/users.ts'
import { companySecret } from '../../src/settings/companies/company-secret.ts'
import { APP, appHost, blankForTests, expectNoSecret, notesOf, only, toDo } from './support.ts'

const context = blankForTests()
const { plan, provision } = context
const hook = () => only(context.sandbox.org.eventHooks)
const secret = (key: string) => companySecret(key, context.sandbox.okta.issuer)
const HOOK = 'Okta: event hook “Our app: people who leave (app.test)”'
const VERIFICATION = 'Okta: verification of the event hook'
const LEAVING = [
  ...['user.lifecycle.deactivate', 'user.lifecycle.suspend', 'user.lifecycle.delete.initiated'],
  ...['user.session.clear', 'application.user_membership.remove'],
]

describe('the event hook at Okta', () => {
  it('hook, made, has the company’s address and secret, and is active and verified', async () => {
    const { wired, left } = await provision()
    expect(left).toEqual([])
    expect(hook()).toMatchObject({
      status: 'ACTIVE',
      verificationStatus: 'VERIFIED',
      events: LEAVING,
      config: {
        uri: `${APP}/webhooks/okta/${wired.connectorId}`,
        authScheme: { key: 'authorization', value: secret(context.desired().companyHookKey) },
      },
    })
    expect(toDo(await plan())).toEqual({})
  })

  it('verification, of an app that is not there yet, is said and done by the next run', async () => {
    appHost.isUp = false
    const { left, wired } = await provision()
    expect(only(left).en).toContain(`${APP}/webhooks/okta/${wired.connectorId}`)
    expect(hook().verificationStatus).toBe('UNVERIFIED')
    expect(toDo(await plan())).toEqual({ [VERIFICATION]: ['verified: UNVERIFIED → VERIFIED'] })
    appHost.isUp = true
    expect((await provision()).left).toEqual([])
    expect(hook().verificationStatus).toBe('VERIFIED')
  })

  it('hook, with others’ events and headers, is given what it lacks and keeps the rest', async () => {
    await provision()
    const { config } = hook()
    Object.assign(hook(), { status: 'INACTIVE', events: ['user.session.start', ...LEAVING.slice(2)] })
    config.headers.push({ key: 'x-theirs', value: 'kept' })
    config.authScheme = { type: 'HEADER', key: 'x-secret', value: 'theirs' }
    const repair = await plan()
    expect(toDo(repair)).toEqual({
      [HOOK]: [
        'events + user.lifecycle.deactivate user.lifecycle.suspend',
        'authentication field: x-secret → authorization',
        'status: INACTIVE → ACTIVE',
      ],
    })
    await repair.apply()
    expect(hook()).toMatchObject({
      status: 'ACTIVE',
      events: expect.arrayContaining(['user.session.start', ...LEAVING]),
    })
    expect(hook().config.headers).toContainEqual({ key: 'x-theirs', value: 'kept' })
    expect(hook().config.authScheme).toMatchObject({ key: 'authorization' })
    expect(toDo(await plan())).toEqual({})
  })

  it('secret, of another key, replaces the old one, and is shown nowhere', async () => {
    await provision()
    const companyHookKey = 'another key of thirty-two characters'
    const changed = await plan({ companyHookKey })
    expect(toDo(changed)).toEqual({ [HOOK]: ['authentication secret:  → (secret)'] })
    expectNoSecret(context.sandbox, printPlan(changed.steps))
    await changed.apply()
    expect(hook().config.authScheme?.value).toBe(secret(companyHookKey))
    expect(hook().verificationStatus).toBe('VERIFIED')
    expect(toDo(await plan({ companyHookKey }))).toEqual({})
  })

  it('hook, of an app at another address or of a connector that is gone, stays beside ours', async () => {
    await provision()
    await provision({ baseUrl: 'https://other.test' }).catch(() => {})
    context.sandbox.tenant.ssoConnectors = []
    await provision()
    const uris = context.sandbox.org.eventHooks.map(({ config }) => config.uri)
    expect(new Set(uris).size).toBe(3)
    expect(toDo(await plan())).toEqual({})
  })

  it('app, of an address without TLS at an Okta elsewhere, gets none and is told why', async () => {
    const { okta } = context.sandbox
    const elsewhere = { orgUrl: 'https://acme.okta.test', apiToken: okta.apiToken, clientId: undefined }
    context.wire.intercept = ({ url, what }, forward) => {
      if (url.host !== 'acme.okta.test') return forward()
      const send = (path: string) =>
        fetch(`${okta.orgUrl}${path}`, { headers: { authorization: `SSWS ${okta.apiToken}` } })
      expect(what).not.toContain('eventHooks')
      return send(url.pathname + url.search)
    }
    const { steps } = await plan({ baseUrl: 'http://localhost:3000', okta: elsewhere })
    const step = steps.find(({ resource }) => resource.en === 'Okta: event hook')
    expect(step).toMatchObject({
      action: 'leave',
      notes: [{ en: expect.stringContaining('https addresses only') }],
    })
  })

  it('token, of an administrator of apps alone, makes everything else, and the hook is by hand', async () => {
    for (const token of context.sandbox.org.apiTokens) token.appsOnly = true
    const { wired } = await provision()
    expect(wired.hookByHand).toBe(true)
    expect(context.sandbox.org.eventHooks).toEqual([])
    expect(only(context.sandbox.org.apps).label).toBe('Our app')
    expect(toDo(await plan())).toEqual({})
  })

  it('address, that Okta takes for a fault of its own, ends the run with words', async () => {
    context.wire.intercept = ({ what }, forward) =>
      what.endsWith('/lifecycle/verify') ? new Response('oops', { status: 500 }) : forward()
    await expect(provision()).rejects.toMatchObject({ name: 'ProvisionError' })
    context.wire.reset()
    await provision()
    expect(hook().verificationStatus).toBe('VERIFIED')
  })
})

describe('sso_identities in ID tokens', () => {
  it('claims, enabled by others, stay beside it', async () => {
    const { idToken } = context.sandbox.tenant
    idToken.enabledExtendedClaims = ['custom_data']
    await provision()
    expect(idToken.enabledExtendedClaims).toEqual(['custom_data', 'sso_identities'])
  })

  it('plan of the tenant, without it, is no failure and is said in one line', async () => {
    context.sandbox.tenant.idToken.isInPlan = false
    const { left } = await provision()
    expect(only(left).en).toContain('sso_identities')
    expect(only(left).en).not.toContain('\n')
    expect(hook().verificationStatus).toBe('VERIFIED')
  })

  it.each([403, 404])('Logto, that answers %i to reading it, is no failure either', async (status) => {
    context.wire.intercept = ({ what }, forward) =>
      what.endsWith('/api/configs/id-token') ? Response.json({ code: 'some.code' }, { status }) : forward()
    await provision()
    expect(hook().verificationStatus).toBe('VERIFIED')
  })
})

describe('accounts of several companies', () => {
  it('account, with identities of two, is named with what to do; one with two of one company is not', async () => {
    await provision()
    const { tenant, okta } = context.sandbox
    const identity = (issuer: string, ssoConnectorId: string, identityId: string) => ({
      ...{ id: identityId, ssoConnectorId, issuer, identityId, detail: { email: 'employee@acme.example' } },
      ...{ createdAt: 1, updatedAt: 1 },
    })
    const mine = identity(okta.issuer, 'acme', '00uMine')
    addUser(tenant, {
      primaryEmail: 'alone@acme.example',
      ssoIdentities: [mine, identity(okta.issuer, 'acme', '00uOld')],
    })
    const theirs = identity('https://beta.okta.test', 'beta', '00uTheirs')
    const { id } = addUser(tenant, { primaryEmail: 'employee@acme.example', ssoIdentities: [mine, theirs] })
    const again = await plan()
    expect(toDo(again)).toEqual({})
    const [account, fix] = notesOf(again)
    expect(account).toContain(`employee@acme.example (${id})`)
    expect(account).toContain('00uTheirs at https://beta.okta.test')
    expect(fix).toContain('User management')
    expect(notesOf(again).join()).not.toContain('alone@acme.example')
  })
})
