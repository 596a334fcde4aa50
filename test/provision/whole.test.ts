import { describe, expect, it } from 'vitest'
import { printPlan } from '../../src/cli/terminal/print-plan.ts'
import { listenOnLoopback } from '../../src/sandbox/shared/listen.ts'
import { loadConfig } from '../../src/settings/config.ts'
import { demoApp } from '../support/demo-app.ts'
import { signInThroughOkta, UserAgent } from '../support/stack.ts'
import { APP, applicationsOf, blankForTests, expectNoSecret, notesOf, only, toDo } from './support.ts'

const context = blankForTests()
const { plan, provision } = context

const tokenRequest = (url: string, id: string, secret: string) =>
  fetch(url, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'authorization_code', code: 'none', redirect_uri: APP }),
  }).then((response) => response.json())

describe('a first run', () => {
  it('plan, both tenants blank, creates everything and changes nothing yet', async () => {
    const provisioning = await plan()
    expect(context.wire.changes).toEqual([])
    const { endpoint } = context.sandbox.logto
    expect(printPlan(provisioning.steps)).toBe(
      `  + create  Logto: enterprise connector “Acme”
              email domains: + acme.example
  + create  Okta: application “Our app”
              type: OIDC web application
              sign-in redirect URIs: + ${endpoint}/callback/<the connector's ID>
              initiate login URI: https://app.test/sign-in
              login initiated by: Okta or the app (SPEC)
  + create  Okta: assignment to the group “Staff”
              groups: + Staff
  + create  Logto: connection of “Acme” to Okta
              issuer: ${context.sandbox.okta.issuer}
              client ID: that of the application in Okta
              client secret: (secret)
              scope: + openid
              scope: + profile
              scope: + email
  + create  Logto: application “Our app”
              type: Traditional web
              redirect URIs: + https://app.test/callback
              post sign-out redirect URIs: + https://app.test/
              back-channel logout URI: https://app.test/backchannel-logout
  ~ change  Logto: Enterprise SSO
              switched on: false → true
  ~ change  Logto: claims of ID tokens
              extended claims: + sso_identities
  + create  Logto: webhook “Our app: people who leave”
              endpoint: https://app.test/webhooks/logto
              events: + User.SuspensionStatus.Updated
              events: + User.Deleted
  + create  Okta: event hook “Our app: people who leave (app.test)”
              endpoint: https://app.test/webhooks/okta/<the connector's ID>
              events: + user.lifecycle.deactivate
              events: + user.lifecycle.suspend
              events: + user.lifecycle.delete.initiated
              events: + user.session.clear
              events: + application.user_membership.remove
  ~ change  Okta: verification of the event hook
              verified: VERIFIED

7 to create, 3 to change, 0 to leave as they are.
`,
    )
    expect(provisioning.byHand).toBe(false)
  })

  it('Logto, after it, holds exactly what is wanted', async () => {
    const { wired } = await provision({
      connector: { name: 'Acme', domains: ['acme.example', 'acme.test'], scopes: ['groups', 'email'] },
    })
    const { tenant, org, okta } = context.sandbox
    const application = only(applicationsOf(context.sandbox))
    expect(application).toMatchObject({
      ...{ id: wired.applicationId, name: 'Our app', type: 'Traditional', isThirdParty: false },
      oidcClientMetadata: {
        redirectUris: [`${APP}/callback`],
        postLogoutRedirectUris: [`${APP}/`],
        backchannelLogoutUri: `${APP}/backchannel-logout`,
        backchannelLogoutSessionRequired: true,
      },
    })
    expect(application.secrets).toEqual([
      expect.objectContaining({ name: 'Default secret', value: wired.appSecret }),
    ])
    const client = only(org.apps).credentials.oauthClient
    expect(only(tenant.ssoConnectors)).toMatchObject({
      id: wired.connectorId,
      providerName: 'Okta',
      connectorName: 'Acme',
      domains: ['acme.example', 'acme.test'],
      config: {
        issuer: okta.issuer,
        clientId: client.client_id,
        clientSecret: client.client_secret,
        scope: 'openid profile email groups',
      },
    })
    expect(tenant.signInExperience.singleSignOnEnabled).toBe(true)
    expect(only(tenant.hooks)).toMatchObject({
      name: 'Our app: people who leave',
      events: ['User.SuspensionStatus.Updated', 'User.Deleted'],
      config: { url: `${APP}/webhooks/logto` },
      enabled: true,
      signingKey: wired.webhookSigningKey,
    })
  })

  it('Okta, after it, holds exactly what is wanted', async () => {
    const { wired } = await provision()
    const { org, logto, group } = context.sandbox
    const app = only(org.apps)
    expect(app).toMatchObject({
      ...{ id: wired.oktaAppId, label: 'Our app', status: 'ACTIVE' },
      visibility: { autoSubmitToolbar: false, hide: { web: false, iOS: false } },
      credentials: {
        oauthClient: { token_endpoint_auth_method: 'client_secret_basic', pkce_required: false },
      },
      settings: {
        oauthClient: {
          application_type: 'web',
          redirect_uris: [`${logto.endpoint}/callback/${wired.connectorId}`],
          post_logout_redirect_uris: [],
          response_types: ['code'],
          grant_types: ['authorization_code'],
          initiate_login_uri: `${APP}/sign-in`,
          idp_initiated_login: { mode: 'SPEC' },
        },
      },
    })
    const assigned = org.assignments.get(app.id)
    expect([...(assigned?.users ?? [])]).toEqual([])
    expect([...(assigned?.groups ?? [])]).toEqual(
      org.groups.filter(({ profile }) => profile.name === group).map(({ id }) => id),
    )
  })

  it('secrets, of both clients, are good at their token endpoints', async () => {
    const { wired } = await provision()
    const { logto, okta } = context.sandbox
    const { clientId = '', clientSecret = '' } = wired.oktaClient ?? {}
    const atLogto = `${logto.endpoint}/oidc/token`
    expect(await tokenRequest(atLogto, wired.applicationId ?? '', wired.appSecret ?? '')).toMatchObject({
      error: 'invalid_grant',
    })
    const atOkta = `${okta.orgUrl}/oauth2/v1/token`
    expect(await tokenRequest(atOkta, clientId, clientSecret)).toMatchObject({ error: 'invalid_grant' })
    expect(await tokenRequest(atOkta, clientId, 'not the secret')).toMatchObject({ error: 'invalid_client' })
  })

  it('progress, of planning and applying, tells of every wait before it', async () => {
    await provision()
    const { logto, okta } = context.sandbox
    expect(context.wire.reported).toEqual([
      `reading Logto at ${logto.endpoint}`,
      `reading the issuer ${okta.issuer}`,
      `reading Okta at ${okta.orgUrl}`,
      'reading the rest of Logto',
      'creating Logto: enterprise connector “Acme”',
      'creating Okta: application “Our app”',
      'creating Okta: assignment to the group “Staff”',
      'creating Logto: connection of “Acme” to Okta',
      'creating Logto: application “Our app”',
      'changing Logto: Enterprise SSO',
      'changing Logto: claims of ID tokens',
      'creating Logto: webhook “Our app: people who leave”',
      'creating Okta: event hook “Our app: people who leave (app.test)”',
      'changing Okta: verification of the event hook',
    ])
  })
})

describe('credentials', () => {
  it('credentials, of each tenant, go to it alone', async () => {
    await provision()
    await provision()
    const { logto, okta } = context.sandbox
    const kinds = new Map<string, Set<string>>()
    for (const { url, headers } of context.wire.sent) {
      const kind = headers.get('authorization')?.split(' ')[0] ?? 'none'
      kinds.set(url.origin, (kinds.get(url.origin) ?? new Set()).add(`${kind} ${url.pathname.split('/')[1]}`))
    }
    expect([...kinds.keys()].sort()).toEqual([logto.endpoint, okta.orgUrl].sort())
    expect([...(kinds.get(logto.endpoint) ?? [])].sort()).toEqual([
      'Basic oidc',
      'Bearer api',
      // What Logto tells everybody of itself.
      'none api',
      'none oidc',
    ])
    expect([...(kinds.get(okta.orgUrl) ?? [])].sort()).toEqual([
      'Basic oauth2',
      'SSWS api',
      'none .well-known',
    ])
  })

  it('access token, good for long, is asked for once; one about to run out, again', async () => {
    await provision()
    const asked = () => context.wire.sent.filter(({ what }) => what === 'POST /oidc/token').length
    expect(asked()).toBe(1)
    context.wire.intercept = async ({ what }, forward) => {
      const response = await forward()
      if (what !== 'POST /oidc/token') return response
      return Response.json({ ...((await response.json()) as object), expires_in: 59 })
    }
    context.wire.sent.length = 0
    await plan()
    expect(asked()).toBe(7)
  })
})

describe('a second run', () => {
  it('plan, nothing touched since, leaves everything and shows no secret', async () => {
    await provision()
    context.wire.reset()
    const second = await provision()
    expect(toDo(second)).toEqual({})
    expect(context.wire.changes).toEqual([])
    const text = printPlan(second.steps)
    expect(text).toContain('Nothing to do: everything is as it should be.')
    expectNoSecret(context.sandbox, text)
  })

  it('plan, of things that are named to deceive, shows their names in one line each', async () => {
    await provision()
    const deceit = '\u001b[2J\u009b2K\r\nAll is well\u202e\u200b'
    only(applicationsOf(context.sandbox)).name = deceit
    only(context.sandbox.tenant.hooks).name = deceit
    for (const app of context.sandbox.org.apps) app.label = deceit
    Object.assign(only(applicationsOf(context.sandbox)).oidcClientMetadata, {
      backchannelLogoutUri: `https://x.test/${deceit}`,
    })
    const text = printPlan((await plan()).steps)
    expect(text.match(/(?![\n])[\p{Cc}\p{Cf}]/gu)).toBeNull()
    expect(text).not.toMatch(/^\s*All is well/m)
    expect(text).toContain('“\\u001b[2J\\u009b2K\\u000d\\u000aAll is well\\u202e\\u200b”')
  })

  it('plan, of a second app at the same company, shares the connector and makes the rest anew', async () => {
    const first = await provision()
    const second = await provision({ baseUrl: 'https://other.test' })
    expect(applicationsOf(context.sandbox)).toHaveLength(2)
    expect(context.sandbox.tenant.hooks).toHaveLength(2)
    expect(only(context.sandbox.tenant.ssoConnectors).id).toBe(first.wired.connectorId)
    expect(second.wired.oktaAppId).toBe(first.wired.oktaAppId)
    expect(second.wired.applicationId).not.toBe(first.wired.applicationId)
    expect(notesOf(second)).toEqual([expect.stringContaining(`is another's, ${APP}/sign-in, and stays`)])
  })

  it('plan, of a second company, makes a connector and an Okta application of its own', async () => {
    const { wired: first } = await provision()
    const connector = { name: 'Bolt', domains: ['bolt.example'], scopes: [] }
    const { wired: second } = await provision({ connector })
    expect(context.sandbox.tenant.ssoConnectors).toHaveLength(2)
    expect([first.connectorId, first.oktaAppId]).not.toContain(second.connectorId)
    expect(second.oktaAppId).not.toBe(first.oktaAppId)
    expect(second.applicationId).toBe(first.applicationId)
    expect(toDo(await plan())).toEqual({})
  })
})

describe('a real sign-in', () => {
  it('employee, everything provisioned, signs in through Okta, and from its dashboard', async () => {
    const server = await listenOnLoopback(0)
    try {
      const url = `http://localhost:${server.port}`
      const { wired } = await provision({ baseUrl: url })
      const { logto, password, org } = context.sandbox
      const config = loadConfig({
        BASE_URL: url,
        LOGTO_ENDPOINT: logto.endpoint,
        LOGTO_APP_ID: wired.applicationId,
        LOGTO_APP_SECRET: wired.appSecret,
      })
      server.handle(demoApp(config))

      const page = await signInThroughOkta(new UserAgent(), { url, password })
      expect(page.body).toContain('data-signed-in="true"')
      const contractor = { email: 'contractor@acme.example' }
      const refused = await signInThroughOkta(new UserAgent(), { url, password }, contractor)
      expect(refused.body).not.toContain('data-signed-in="true"')
      const start = only(org.apps).settings.oauthClient.initiate_login_uri ?? ''
      expect((await new UserAgent().open(start)).url).toContain(`${logto.endpoint}/sign-in`)
    } finally {
      await server.close()
    }
  })
})
