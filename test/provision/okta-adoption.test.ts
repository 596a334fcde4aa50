import { describe, expect, it } from 'vitest'
import type { OktaApp } from '../../src/sandbox/index.ts'
import { APP, blankForTests, notesOf, only, toDo } from './support.ts'

const context = blankForTests()
const { plan, provision, refusal, wire } = context

/** Provisions, and gives the app in Okta as somebody else could have made it: told apart by its name. */
async function provisioned(): Promise<OktaApp> {
  await provision()
  const app = only(context.sandbox.org.apps)
  app.label = 'Theirs'
  wire.reset()
  return app
}

/** Another app with its own client, otherwise the same. */
function twinOf(app: OktaApp, label: string): OktaApp {
  const twin = structuredClone(app)
  twin.id = `0oatwin${context.sandbox.org.apps.length}`
  twin.label = label
  twin.credentials.oauthClient.client_id = `client-of-${label}`
  twin.credentials.oauthClient.client_secret = `secret-of-${label}`
  context.sandbox.org.apps.push(twin)
  context.sandbox.org.assignments.set(twin.id, { users: new Set(), groups: new Set() })
  return twin
}

const connector = () => only(context.sandbox.tenant.ssoConnectors)
const withClient = (clientId: string) => ({ okta: { ...context.sandbox.okta, clientId } })

describe('the application in Okta', () => {
  it('app, whose client the connector has, is the one whatever its redirect URIs', async () => {
    const app = await provisioned()
    const twin = twinOf(app, 'Twin')
    app.settings.oauthClient.redirect_uris = ['https://theirs.test/cb']
    const { wired } = await provision()
    expect(wired.oktaAppId).toBe(app.id)
    expect(app.settings.oauthClient.redirect_uris).toEqual([
      'https://theirs.test/cb',
      `${context.sandbox.logto.endpoint}/callback/${connector().id}`,
    ])
    expect(twin.label).toBe('Twin')
  })

  it('app, named by OKTA_CLIENT_ID, is the one, and the connector changes to it', async () => {
    const app = await provisioned()
    const twin = twinOf(app, 'Twin')
    const { wired } = await provision(withClient('client-of-Twin'))
    expect(wired.oktaAppId).toBe(twin.id)
    expect(connector().config).toMatchObject({ clientId: 'client-of-Twin', clientSecret: 'secret-of-Twin' })
    expect(context.sandbox.org.assignments.get(twin.id)?.groups.size).toBe(1)
    expect(toDo(await plan(withClient('client-of-Twin')))).toEqual({})
  })

  it('app, that sends people to the connector, is the one where the connector has no client', async () => {
    const app = await provisioned()
    connector().config = {}
    const { wired } = await provision()
    expect(wired.oktaAppId).toBe(app.id)
    expect(connector().config.clientSecret).toBe(app.credentials.oauthClient.client_secret)
    expect(context.sandbox.org.apps).toHaveLength(1)
  })

  it('app, deleted at Okta, is made anew and the connector changes to it', async () => {
    await provisioned()
    context.sandbox.org.apps = []
    await provision()
    expect(connector().config.clientId).toBe(only(context.sandbox.org.apps).credentials.oauthClient.client_id)
    expect(toDo(await plan())).toEqual({})
  })

  it('apps, two that send people to the connector, are told apart by OKTA_CLIENT_ID', async () => {
    const app = await provisioned()
    const twin = twinOf(app, 'Twin')
    connector().config = {}
    const message = await refusal()
    expect(message).toContain('several applications with the sign-in redirect URI')
    expect(message).toContain(`“Theirs” (${app.id}), “Twin” (${twin.id})`)
    expect(message).toContain('Set OKTA_CLIENT_ID')
    expect((await plan(withClient('client-of-Twin'))).wired.oktaAppId).toBe(twin.id)
  })

  it('app, on the last page of many, is found', async () => {
    const app = await provisioned()
    const { org } = context.sandbox
    org.apps = []
    for (let n = 0; n < 250; n += 1) twinOf(app, `Other ${n}`).settings.oauthClient.redirect_uris = [APP]
    org.apps.push(app)
    expect((await plan()).wired.oktaAppId).toBe(app.id)
    expect(wire.sent.filter(({ what }) => what === 'GET /api/v1/apps')).toHaveLength(3)
  })

  it('app, of the same name with nothing else of ours, is another', async () => {
    const app = await provisioned()
    app.label = 'Our app'
    app.settings.oauthClient.redirect_uris = ['https://theirs.test/cb']
    connector().config = {}
    await provision()
    expect(context.sandbox.org.apps).toHaveLength(2)
    expect(app.settings.oauthClient.redirect_uris).toEqual(['https://theirs.test/cb'])
  })

  it('app, inactive, is to be activated', async () => {
    const app = await provisioned()
    app.status = 'INACTIVE'
    const message = await refusal()
    expect(message).toContain('“Theirs” is not active (INACTIVE)')
    expect(message).toContain('Applications → Theirs → Activate')
  })

  it.each([
    ['a native one', { application_type: 'native' }, {}],
    ['a browser’s', { application_type: 'browser' }, {}],
    ['without a secret', {}, { token_endpoint_auth_method: 'none' }],
    ['with a key', {}, { token_endpoint_auth_method: 'private_key_jwt' }],
  ])('app, %s, does not fit', async (_case, settings, credentials) => {
    const app = await provisioned()
    Object.assign(app.settings.oauthClient, settings)
    Object.assign(app.credentials.oauthClient, credentials)
    const message = await refusal()
    expect(message).toContain('Okta’s application “Theirs” does not fit'.replace('’', "'"))
    expect(message).toContain('needs a web application with a client secret')
  })

  it('client, that sends its secret in the body, is told to send it as Logto does', async () => {
    const app = await provisioned()
    app.credentials.oauthClient.token_endpoint_auth_method = 'client_secret_post'
    await provision()
    expect(app.credentials.oauthClient.token_endpoint_auth_method).toBe('client_secret_basic')
    expect(toDo(await plan())).toEqual({})
  })

  it('app, with lists of others, loses nothing of them', async () => {
    const app = await provisioned()
    Object.assign(app.settings.oauthClient, {
      redirect_uris: ['https://theirs.test/cb'],
      post_logout_redirect_uris: ['https://theirs.test/bye'],
      grant_types: ['implicit', 'refresh_token'],
      response_types: ['id_token'],
    })
    await provision()
    expect(app.settings.oauthClient).toMatchObject({
      redirect_uris: ['https://theirs.test/cb', expect.stringContaining('/callback/')],
      post_logout_redirect_uris: ['https://theirs.test/bye'],
      grant_types: ['implicit', 'refresh_token', 'authorization_code'],
      response_types: ['id_token', 'code'],
    })
  })

  const visibility = (web: boolean) => ({ visibility: { autoLaunch: true, hide: { iOS: true, web } } })
  const login = (mode: string) => ({ idp_initiated_login: { mode, default_scope: ['x'] } })
  it.each<[string, part: (app: OktaApp) => object, before: object, after: object]>([
    ['hidden from the dashboard: true → false', (app) => app, visibility(true), visibility(false)],
    [
      'PKCE required: true → false',
      ({ credentials }) => credentials.oauthClient,
      { pkce_required: true },
      { pkce_required: false },
    ],
    [
      'login initiated by Okta: DISABLED → SPEC',
      ({ settings }) => settings.oauthClient,
      login('DISABLED'),
      login('SPEC'),
    ],
  ])('app, %s, is changed in this alone', async (change, part, before, after) => {
    const app = await provisioned()
    const wanted = structuredClone(app)
    Object.assign(part(wanted), after)
    Object.assign(part(app), before)
    expect(toDo(await provision())).toEqual({ 'Okta: application “Theirs”': [change] })
    expect(app).toMatchObject({ ...wanted, lastUpdated: expect.any(String) })
    expect(toDo(await plan())).toEqual({})
  })

  it('initiate login URI, another’s, is kept with a note, and replaced when taken over', async () => {
    const app = await provisioned()
    Object.assign(app.settings.oauthClient, {
      initiate_login_uri: 'https://theirs.test/start',
      idp_initiated_login: { mode: 'OKTA', default_scope: ['openid'] },
    })
    // Where their tile leads is theirs to say, and so is who sees it.
    Object.assign(app, { visibility: { hide: { web: true } } })
    const kept = await provision()
    expect(toDo(kept)).toEqual({})
    expect(notesOf(kept)).toEqual([
      expect.stringMatching(/is another's, https:\/\/theirs\.test\/start, and stays: .*--take-over/),
    ])
    app.settings.oauthClient.redirect_uris = []
    await provision()
    expect(app.settings.oauthClient).toMatchObject({
      initiate_login_uri: 'https://theirs.test/start',
      idp_initiated_login: { mode: 'OKTA', default_scope: ['openid'] },
    })

    const taken = await provision({ takeOver: true })
    expect(toDo(taken)).toEqual({
      'Okta: application “Theirs”': [
        `initiate login URI: https://theirs.test/start → ${APP}/sign-in`,
        'login initiated by Okta: OKTA → SPEC',
        'hidden from the dashboard: true → false',
      ],
    })
    expect(notesOf(taken)).toEqual([])
    expect(toDo(await plan({ takeOver: true }))).toEqual({})
  })

  it('assignments, others’, stay; the group, taken away, comes back', async () => {
    const app = await provisioned()
    const assigned = context.sandbox.org.assignments.get(app.id)
    const everyone = context.sandbox.org.groups.find(({ profile }) => profile.name === 'Everyone')
    assigned?.groups.clear()
    assigned?.groups.add(everyone?.id ?? '')
    assigned?.users.add('somebody')
    expect(toDo(await provision())).toEqual({ 'Okta: assignment to the group “Staff”': ['groups + Staff'] })
    expect(assigned?.groups.size).toBe(2)
    expect([...(assigned?.users ?? [])]).toEqual(['somebody'])
  })
})

describe('the client’s secret', () => {
  it('secret, rotated at Okta, is found out and fixed', async () => {
    const app = await provisioned()
    app.credentials.oauthClient.client_secret = 'another-secret-since-then'
    expect(toDo(await provision())).toEqual({
      'Okta: application “Theirs”': ['client secret:  → read again'],
      'Logto: connection of “Acme” to Okta': ['client secret:  → (secret)'],
    })
    expect(connector().config.clientSecret).toBe('another-secret-since-then')
    expect(toDo(await plan())).toEqual({})
  })

  it('secret, altered at the connector, is found out and fixed', async () => {
    const app = await provisioned()
    connector().config.clientSecret = 'altered'
    await provision()
    expect(connector().config.clientSecret).toBe(app.credentials.oauthClient.client_secret)
    expect(toDo(await plan())).toEqual({})
  })

  it.each(['with%41a-percent-sign', 'with+a-plus-sign', 'with:a colon/"é&='])(
    'secret, %j, is tried as it is',
    async (odd) => {
      const app = await provisioned()
      app.credentials.oauthClient.client_secret = odd
      connector().config.clientSecret = odd
      expect(toDo(await plan())).toEqual({})
    },
  )

  it('secret, in the settings too, is not asked of Okta', async () => {
    const app = await provisioned()
    connector().config = {}
    const { client_id: clientId, client_secret: clientSecret = '' } = app.credentials.oauthClient
    await provision({ ...withClient(clientId), byHand: { clientId, clientSecret } })
    expect(connector().config).toMatchObject({ clientId, clientSecret })
  })
})
