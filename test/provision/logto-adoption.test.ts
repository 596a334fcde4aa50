import { describe, expect, it } from 'vitest'
import type { Application, Hook, SsoConnector } from '../../src/sandbox/index.ts'
import { addApplication, addSecret } from '../../src/sandbox/logto/state/applications.ts'
import {
  APP,
  actionsOf,
  addConnector,
  applicationsOf,
  blankForTests,
  notesOf,
  only,
  stateOf,
  toDo,
} from './support.ts'

const context = blankForTests()
const { desired, plan, provision, refusal, wire } = context

/** An application somebody else has made. */
const add = (changes: Partial<Application> = {}) =>
  addApplication(context.sandbox.tenant, { name: 'Theirs', type: 'Traditional', ...changes })

const uris = (redirectUris: string[], more: Partial<Application['oidcClientMetadata']> = {}) => ({
  oidcClientMetadata: { redirectUris, postLogoutRedirectUris: [], ...more },
})
const withApplicationId = (id: string, secret?: string) => ({ application: { id, secret } })
const ours = uris([`${APP}/callback`])
const THEIR_LOGOUT = 'https://theirs.test/logout'
/** The step of an application that is not there yet. */
const NEW = 'Logto: application “Our app”'

describe('the application in Logto', () => {
  it('application, with our callback among others, is given what it lacks and loses nothing', async () => {
    const theirs = add({
      ...uris(['https://theirs.test/cb', `${APP}/callback`], {
        postLogoutRedirectUris: ['https://theirs.test/bye'],
        logoUri: 'https://theirs.test/logo.png',
      }),
      description: 'kept',
      customData: { kept: true },
      customClientMetadata: { rotateRefreshToken: false },
    })
    add(uris(['https://another.test/callback']))
    const { wired } = await provision()
    expect(wired.applicationId).toBe(theirs.id)
    expect(wired.appSecret).toBe(only(theirs.secrets).value)
    expect(theirs).toMatchObject({
      name: 'Theirs',
      description: 'kept',
      customData: { kept: true },
      customClientMetadata: { rotateRefreshToken: false },
      oidcClientMetadata: {
        redirectUris: ['https://theirs.test/cb', `${APP}/callback`],
        postLogoutRedirectUris: ['https://theirs.test/bye', `${APP}/`],
        backchannelLogoutUri: `${APP}/backchannel-logout`,
        backchannelLogoutSessionRequired: true,
        logoUri: 'https://theirs.test/logo.png',
      },
    })
    expect(actionsOf(await plan())).not.toContain('change')
  })

  it('application, one of two hundred, is found', async () => {
    const theirs = add(ours)
    for (let n = 0; n < 200; n += 1) add(uris([`https://app-${n}.test/callback`]))
    expect((await plan()).wired.applicationId).toBe(theirs.id)
  })

  it.each([
    ['that only shares our host', [`${APP}/`]],
    ['with a part of our callback', [`${APP}/callback/`, `${APP}/callback?x=1`, 'http://app.test/callback']],
    ['of the same name with another callback', ['https://another.test/callback']],
  ])('application, %s, is another', async (_what, redirectUris) => {
    add({ name: 'Our app', ...uris(redirectUris) })
    const { wired, steps } = await plan()
    expect(wired.applicationId).toBeUndefined()
    expect(steps[4]).toMatchObject({ resource: { en: NEW }, action: 'create' })
  })

  it('application, named by LOGTO_APP_ID at another base URL, gets ours beside it', async () => {
    const theirs = add(uris(['http://localhost:3000/callback']))
    add(ours)
    const { wired } = await provision(withApplicationId(theirs.id))
    expect(wired.applicationId).toBe(theirs.id)
    expect(theirs.oidcClientMetadata.redirectUris).toEqual([
      'http://localhost:3000/callback',
      `${APP}/callback`,
    ])
  })

  it('LOGTO_APP_ID, of no application, falls back to our callback, or else to a new one', async () => {
    expect(toDo(await plan(withApplicationId('gone')))).toHaveProperty(NEW)
    const theirs = add(ours)
    expect((await plan(withApplicationId('gone'))).wired.applicationId).toBe(theirs.id)
    expect((await plan(withApplicationId('../hooks'))).wired.applicationId).toBe(theirs.id)
  })

  it.each([
    [{ isThirdParty: true }, 'is a third-party application'],
    [{ type: 'SPA' }, 'is of the type SPA'],
    [{ type: 'Native' }, 'is of the type Native'],
    [{ type: 'MachineToMachine' }, 'is of the type MachineToMachine'],
  ] as const)('LOGTO_APP_ID, of an application with %j, is refused: it %s', async (changes, words) => {
    const message = await refusal(withApplicationId(add({ ...ours, ...changes }).id))
    expect(message).toContain(`LOGTO_APP_ID names, “Theirs”, ${words}`)
    expect(message).toContain('LOGTO_APP_SECRET')
  })

  it('application, of another kind with our callback, is passed over', async () => {
    add({ ...ours, isThirdParty: true })
    add({ ...ours, type: 'SPA' })
    expect(toDo(await plan())).toHaveProperty(NEW)
  })

  it('applications, two with our callback, are told apart by LOGTO_APP_ID', async () => {
    const one = add(ours)
    const two = add({ ...uris([`${APP}/callback`]), name: 'Twin' })
    const message = await refusal()
    expect(message).toContain(`several applications with the redirect URI ${APP}/callback`)
    expect(message).toContain(`“Theirs” (${one.id})`)
    expect(message).toContain(`“Twin” (${two.id})`)
    expect(message).toContain('Set LOGTO_APP_ID')
    expect((await plan(withApplicationId(two.id))).wired.applicationId).toBe(two.id)
  })

  it('back-channel logout URI, another’s, is kept with a note, and replaced when taken over', async () => {
    const theirs = add(uris([`${APP}/callback`], { backchannelLogoutUri: THEIR_LOGOUT }))
    const kept = await provision()
    expect(theirs.oidcClientMetadata).toMatchObject({
      backchannelLogoutUri: THEIR_LOGOUT,
      postLogoutRedirectUris: [`${APP}/`],
    })
    expect(theirs.oidcClientMetadata).not.toHaveProperty('backchannelLogoutSessionRequired')
    expect(notesOf(kept)).toEqual([
      expect.stringMatching(/is another's, https:\/\/theirs\.test\/logout, and stays: .*--take-over/),
    ])
    const again = await plan()
    expect(actionsOf(again)).not.toContain('change')
    expect(notesOf(again)).toHaveLength(1)

    const taken = await provision({ takeOver: true })
    expect(toDo(taken)).toEqual({
      'Logto: application “Theirs”': [
        `back-channel logout URI: ${THEIR_LOGOUT} → ${APP}/backchannel-logout`,
        'back-channel logout, session required: false → true',
      ],
    })
    expect(theirs.oidcClientMetadata.backchannelLogoutUri).toBe(`${APP}/backchannel-logout`)
    expect(notesOf(taken)).toEqual([])
  })

  it('session in back-channel logouts, not required at ours, is', async () => {
    await provision()
    only(applicationsOf(context.sandbox)).oidcClientMetadata.backchannelLogoutSessionRequired = false
    expect(toDo(await provision())).toEqual({
      'Logto: application “Our app”': ['back-channel logout, session required: false → true'],
    })
  })

  describe('that is asked for no offline_access', () => {
    const offlineAccess = false
    const change = (before = '') => [`always issue refresh token: ${before} → true`]

    it('application, new, always issues refresh tokens, and there is nothing to do again', async () => {
      const first = await provision({ offlineAccess })
      expect(toDo(first)['Logto: application “Our app”']).toEqual(expect.arrayContaining(change()))
      const { customClientMetadata } = only(applicationsOf(context.sandbox))
      expect(customClientMetadata).toEqual({ alwaysIssueRefreshToken: true })
      expect(actionsOf(await plan({ offlineAccess }))).not.toContain('change')
    })

    it.each([
      ['never told', {}, ''],
      ['switched off', { alwaysIssueRefreshToken: false }, 'false'],
    ])(
      'application, there already, %s, is switched on and keeps the rest',
      async (_case, metadata, before) => {
        await provision()
        const { customClientMetadata } = Object.assign(only(applicationsOf(context.sandbox)), {
          customClientMetadata: { ...metadata, rotateRefreshToken: false },
        })
        expect(customClientMetadata).toMatchObject(metadata)
        const second = await provision({ offlineAccess })
        expect(toDo(second)).toEqual({ 'Logto: application “Our app”': change(before) })
        expect(only(applicationsOf(context.sandbox)).customClientMetadata).toEqual({
          alwaysIssueRefreshToken: true,
          rotateRefreshToken: false,
        })
        expect(actionsOf(await plan({ offlineAccess }))).not.toContain('change')
      },
    )

    it('application, asked for offline_access again, stays as it is', async () => {
      await provision({ offlineAccess })
      const before = stateOf(context.sandbox)
      await provision({ offlineAccess: true })
      expect(stateOf(context.sandbox)).toEqual(before)
    })
  })

  it('secret, of the settings, is used where it is good; else the first that is', async () => {
    const theirs = add(ours)
    const [first, second] = [only(theirs.secrets).value, addSecret(theirs, 'second').value]
    expect((await plan(withApplicationId(theirs.id, second))).wired.appSecret).toBe(second)
    expect((await plan(withApplicationId(theirs.id, 'gone'))).wired.appSecret).toBe(first)
    // One that will run out only later is good.
    Object.assign(theirs.secrets[0] ?? {}, { expiresAt: Date.now() + 60_000 })
    expect((await plan()).wired.appSecret).toBe(first)
  })

  it('secrets, all run out, get one more, and the old ones stay', async () => {
    const theirs = add(ours)
    const old = only(theirs.secrets).value
    addSecret(theirs, 'another', Date.now() - 1)
    for (const secret of theirs.secrets) secret.expiresAt = Date.now() - 1000
    const { wired } = await provision(withApplicationId(theirs.id, old))
    expect(theirs.secrets).toMatchObject([
      { value: old },
      { name: 'another' },
      { name: 'Provision', value: wired.appSecret, expiresAt: null },
    ])
    expect(actionsOf(await plan())).not.toContain('change')
  })

  it('secret, run out at an application that lacks nothing else, is all that is made', async () => {
    await provision()
    for (const secret of only(applicationsOf(context.sandbox)).secrets) secret.expiresAt = Date.now() - 1
    wire.reset()
    expect(toDo(await provision())).toEqual({ 'Logto: application “Our app”': ['app secrets + Provision'] })
    expect(only(wire.changes).what).toMatch(/^POST .*\/secrets$/)
  })

  it('secrets, all run out, ours by name among them, get one of another name', async () => {
    const theirs = add(ours)
    theirs.secrets = []
    addSecret(theirs, 'Provision', Date.now() - 1)
    addSecret(theirs, 'Provision 2', Date.now() - 1)
    const { wired } = await provision()
    expect(theirs.secrets).toHaveLength(3)
    expect(theirs.secrets.at(-1)).toMatchObject({ value: wired.appSecret, expiresAt: null })
  })
})

describe('the connector', () => {
  const ofAcme = (changes: Partial<SsoConnector> = {}) =>
    addConnector(context.sandbox, {
      ...{ connectorName: 'Acme', branding: { displayName: 'Kept' }, syncProfile: true },
      ...changes,
    })

  it('connector, of our name with nothing in it, is completed', async () => {
    const theirs = ofAcme()
    await provision()
    expect(only(context.sandbox.tenant.ssoConnectors)).toBe(theirs)
    expect(theirs).toMatchObject({
      domains: ['acme.example'],
      config: { issuer: context.sandbox.okta.issuer },
      branding: { displayName: 'Kept' },
      syncProfile: true,
    })
  })

  it('domains, others’ and in capitals, stay', async () => {
    const theirs = ofAcme({ domains: ['ACME.Example', 'theirs.test'] })
    expect((await plan()).steps[0]).toMatchObject({ action: 'leave' })
    const connector = { name: 'Acme', domains: ['acme.example', 'acme.test'], scopes: [] }
    expect(toDo(await provision({ connector }))).toMatchObject({
      'Logto: enterprise connector “Acme”': ['email domains + acme.test'],
    })
    expect(theirs.domains).toEqual(['acme.example', 'theirs.test', 'acme.test'])
    expect(actionsOf(await plan({ connector }))).not.toContain('change')
  })

  it('scopes and other settings, others’, stay', async () => {
    const { issuer } = context.sandbox.okta
    const config = { issuer, scope: 'openid+groups  custom', trustUnverifiedEmail: true }
    const theirs = ofAcme({ config })
    await provision({ connector: { name: 'Acme', domains: ['acme.example'], scopes: ['address'] } })
    expect(theirs.config).toMatchObject({
      scope: 'openid groups custom profile email address',
      trustUnverifiedEmail: true,
    })
    expect(actionsOf(await plan())).not.toContain('change')
  })

  it('connector, of another company beside ours, is left alone', async () => {
    const theirs = ofAcme({
      id: 'other',
      connectorName: 'Bolt',
      domains: ['bolt.test'],
      config: { issuer: context.sandbox.okta.issuer, clientId: 'theirs', clientSecret: 'their-secret' },
    })
    const before = structuredClone(theirs)
    await provision()
    expect(theirs).toEqual(before)
    expect(context.sandbox.tenant.ssoConnectors).toHaveLength(2)
  })

  it('connector, for SAML with its own kind of config, does not get in the way', async () => {
    Object.assign(ofAcme({ id: 'saml', connectorName: 'Other' }), {
      providerName: 'SAML',
      config: { metadataUrl: 'https://saml.test/metadata', attributeMapping: { id: 'nameID' } },
    })
    await provision()
    expect(context.sandbox.tenant.ssoConnectors).toHaveLength(2)
  })

  it.each(['clientSecret', 'clientId', 'issuer'] as const)(
    'config, its %s taken away, is fixed',
    async (name) => {
      await provision()
      const connector = only(context.sandbox.tenant.ssoConnectors)
      const before = structuredClone(connector)
      delete connector.config[name]
      await provision()
      expect(connector).toEqual(before)
      expect(context.sandbox.org.apps).toHaveLength(1)
    },
  )
})

describe('Enterprise SSO', () => {
  it('switch, on already, is left; nothing else of the sign-in experience is touched', async () => {
    context.sandbox.tenant.signInExperience.signInMode = 'SignIn'
    await provision()
    const switchedOn = { singleSignOnEnabled: true }
    expect(context.sandbox.tenant.signInExperience).toEqual({ ...switchedOn, signInMode: 'SignIn' })
    expect(wire.changes.find(({ what }) => what.endsWith('/sign-in-exp'))?.body).toEqual(switchedOn)
    const resource = { en: 'Logto: Enterprise SSO' }
    expect((await plan()).steps[5]).toMatchObject({ resource, action: 'leave' })
  })
})

describe('the webhook', () => {
  const addHook = (changes: Partial<Hook> = {}) => {
    const hook: Hook = {
      ...{ id: `hook${context.sandbox.tenant.hooks.length}`, name: 'Theirs', createdAt: 0 },
      ...{ event: null, events: ['PostSignIn'], config: { url: 'https://theirs.test/hook' } },
      ...{ signingKey: 'their-signing-key', enabled: true },
      ...changes,
    }
    context.sandbox.tenant.hooks.push(hook)
    return hook
  }

  it('webhooks, others’, stay as they are', async () => {
    const theirs = addHook()
    const disabled = addHook({ enabled: false, config: { url: `${APP}/webhooks/other` } })
    const old = addHook({ event: 'PostSignIn', events: [] })
    const before = structuredClone([theirs, disabled, old])
    const { wired } = await provision()
    expect([theirs, disabled, old]).toEqual(before)
    expect(context.sandbox.tenant.hooks).toHaveLength(4)
    expect(wired.webhookSigningKey).not.toBe('their-signing-key')
  })

  it('webhook, ours by its address, disabled and lacking an event, is fixed and keeps the rest', async () => {
    const hook = addHook({
      enabled: false,
      events: ['User.Deleted', 'PostSignIn'],
      config: { url: `${APP}/webhooks/logto`, headers: { 'x-theirs': '1' }, retries: 3 },
    })
    const first = await provision()
    expect(toDo(first)).toMatchObject({
      'Logto: webhook “Theirs”': ['events + User.SuspensionStatus.Updated', 'enabled: false → true'],
    })
    expect(hook).toMatchObject({
      name: 'Theirs',
      enabled: true,
      events: ['User.Deleted', 'PostSignIn', 'User.SuspensionStatus.Updated'],
      config: { url: `${APP}/webhooks/logto`, headers: { 'x-theirs': '1' }, retries: 3 },
    })
    expect(first.wired.webhookSigningKey).toBe('their-signing-key')
    expect(actionsOf(await plan())).not.toContain('change')
  })
})

describe('what is planned', () => {
  it('plan, of an adoption, changes nothing by itself', async () => {
    add(uris([`${APP}/callback`], { backchannelLogoutUri: THEIR_LOGOUT }))
    const before = stateOf(context.sandbox)
    await plan({ takeOver: true })
    expect(stateOf(context.sandbox)).toEqual(before)
    expect(desired().takeOver).toBe(false)
  })
})
