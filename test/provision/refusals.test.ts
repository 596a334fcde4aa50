import { describe, expect, it } from 'vitest'
import type { SsoConnector } from '../../src/sandbox/index.ts'
import { applicationsOf, blankForTests, expectNoSecret, isChange, only, stateOf } from './support.ts'

const context = blankForTests()
const { desired, plan, provision, refusal, wire } = context

/** Somebody else's connector. */
function addConnector(changes: Partial<SsoConnector>): SsoConnector {
  const connector: SsoConnector = {
    tenantId: 'default',
    id: 'another-one',
    providerName: 'Okta',
    connectorName: 'Another',
    config: {},
    domains: [],
    branding: {},
    syncProfile: false,
    enableTokenStorage: false,
    createdAt: 0,
    ...changes,
  }
  context.sandbox.tenant.ssoConnectors.push(connector)
  return connector
}

const logtoWith = (changes: Partial<ReturnType<typeof desired>['logto']>) => ({
  logto: { ...desired().logto, ...changes },
})
const oktaWith = (changes: Partial<NonNullable<ReturnType<typeof desired>['okta']>>) => {
  const { okta } = desired()
  if (!okta) throw new Error('no Okta')
  return { okta: { ...okta, ...changes } }
}

/** Applies what is refused on the way, and gives the words. */
async function refusalOnTheWay(changes?: Parameters<typeof plan>[0]): Promise<string> {
  const { apply } = await plan(changes)
  const error = await apply().then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error, 'no refusal').toMatchObject({ name: 'ProvisionError' })
  const { message } = error as Error
  expectNoSecret(context.sandbox, message)
  return message
}

describe('access to Logto', () => {
  it('endpoint, nobody listening, is named with the reason', async () => {
    const message = await refusal(logtoWith({ endpoint: 'http://localhost:9' }))
    expect(message).toContain('http://localhost:9 does not answer: ')
    expect(message).toMatch(/ECONNREFUSED|bad port/)
    expect(message).toContain('Check the address for mistakes')
  })

  it('endpoint, that of another server, is told from a Logto', async () => {
    const { okta } = context.sandbox
    const message = await refusal(logtoWith({ endpoint: okta.orgUrl }))
    expect(message).toContain(`${okta.orgUrl} is not a Logto: its /oidc/token answered 404`)
    expect(message).toContain('Set LOGTO_ENDPOINT to “Logto endpoint”')
  })

  it.each([
    ['another application', { appId: 'nobody' }, 'refuses the machine-to-machine application nobody'],
    ['a wrong secret', { appSecret: 'wrong' }, 'client authentication failed'],
  ])('machine-to-machine, %s, is to be copied anew', async (_case, changes, words) => {
    const message = await refusal(logtoWith(changes))
    expect(message).toContain(words)
    expect(message).toContain('into LOGTO_M2M_APP_ID and LOGTO_M2M_APP_SECRET')
  })

  it.each([
    ['another host name', (endpoint: string) => endpoint.replace('localhost', '127.0.0.1')],
    ['a path of its own', (endpoint: string) => `${endpoint}/logto`],
    ['a proxy that ends TLS', (endpoint: string) => endpoint.replace('http:', 'https:')],
  ])(
    'endpoint, by which Logto does not call itself, by %s, is told before all else',
    async (_what, other) => {
      const { endpoint } = desired().logto
      const given = other(endpoint)
      wire.intercept = ({ url }) => fetch(url.href.replace(given, endpoint))
      const message = await refusal(logtoWith({ endpoint: given }))
      expect(message).toContain(`Logto calls itself another issuer than ${given}/oidc: ${endpoint}/oidc.`)
      expect(message).toContain(
        given.startsWith('https:') ? 'TRUST_PROXY_HEADER=1' : `LOGTO_ENDPOINT=${endpoint},`,
      )
      expect(wire.sent.map(({ what }) => what)).not.toContain('POST /oidc/token')
    },
  )

  it('endpoint, that of the admin tenant, is told from that of the apps', async () => {
    wire.intercept = async ({ what }, forward) =>
      what === 'GET /api/.well-known/sign-in-exp' ? Response.json({ tenantId: 'admin' }) : forward()
    const message = await refusal()
    expect(message).toContain("is Logto's admin tenant")
    expect(message).toContain('ADMIN_ENDPOINT')
  })

  it('machine-to-machine, with a secret that has expired, is told so', async () => {
    wire.intercept = async ({ what }, forward) =>
      what === 'POST /oidc/token'
        ? Response.json(
            {
              code: 'oidc.invalid_request',
              error: 'invalid_request',
              error_description: 'client secret has expired',
            },
            { status: 400 },
          )
        : forward()
    expect(await refusal()).toMatch(/LOGTO_M2M_APP_SECRET has expired.*\n.*Create new secret/)
  })

  it('token, refused in words that a terminal would obey and with all that was sent, shows them and no secret', async () => {
    const { appId: id, appSecret } = desired().logto
    wire.intercept = ({ what, headers }, forward) => {
      if (what !== 'POST /oidc/token') return forward()
      const sent = [headers.get('authorization'), appSecret, encodeURIComponent(appSecret), id].join(' ')
      const words = `\u001b[2K\u009b1A\r\nall is well\u202e ${sent}`
      return Response.json({ error: 'strange', error_description: words }, { status: 400 })
    }
    const message = await refusal()
    expect(message).toContain(
      `strange, \\u001b[2K\\u009b1A\\u000d\\u000aall is well\\u202e Basic … … … ${id}.`,
    )
    expect(message.split('\n')).toHaveLength(2)
  })

  it('API of Logto, refusing with the token that it was sent, shows none', async () => {
    wire.intercept = ({ what, headers }, forward) =>
      what === 'GET /api/hooks'
        ? Response.json(
            { code: 'strange.code', message: `no ${headers.get('authorization')}` },
            { status: 400 },
          )
        : forward()
    expect(await refusal()).toContain('Logto refuses (400 strange.code): no Bearer …')
  })

  it.each(['one\r\nX-Other: two', 'tok\u00e9n', '\u0142', ''])(
    'token, that no header holds, %j, is told so',
    async (token) => {
      wire.intercept = ({ what }, forward) =>
        what === 'POST /oidc/token'
          ? Response.json({ access_token: token, expires_in: 3600, scope: 'all', token_type: 'Bearer' })
          : forward()
      const message = await refusal()
      expect(message).toContain('gives an access token that no header can hold')
      if (token) expect(message).not.toContain(token)
    },
  )

  it('machine-to-machine, without the role, is told where to assign it', async () => {
    const { tenant, logto } = context.sandbox
    Object.assign(only(tenant.applications), { isAdmin: false })
    const message = await refusal()
    expect(message).toContain(`application ${logto.appId} may not use the Management API`)
    expect(message).toContain('Roles → Assign roles → “Logto Management API access”')
    expect(wire.sent.map(({ what }) => what).filter((what) => !what.includes('.well-known'))).toEqual([
      'POST /oidc/token',
    ])
  })

  it('machine-to-machine, its role taken away in the middle, says the same', async () => {
    const provisioning = await plan()
    wire.intercept = ({ what }, forward) =>
      what.startsWith('PATCH /api/sso-connectors/')
        ? Response.json({ code: 'auth.forbidden', message: 'Forbidden.' }, { status: 403 })
        : forward()
    await expect(provisioning.apply()).rejects.toThrow('Assign roles')
  })

  it('application, of another kind than machine-to-machine, is told so', async () => {
    const { wired } = await provision()
    wire.reset()
    const { applicationId = '', appSecret = '' } = wired
    const message = await refusal(logtoWith({ appId: applicationId, appSecret }))
    expect(message).toContain(`application ${wired.applicationId} is of another kind than machine-to-machine`)
  })

  it('Management API, an identifier nobody knows, is told so', async () => {
    const message = await refusal(logtoWith({ managementApi: 'https://other.logto.app/api' }))
    expect(message).toContain('Logto knows no API with the identifier https://other.logto.app/api')
    expect(message).toContain('LOGTO_MANAGEMENT_API')
  })

  it('token, refused in an unknown way, is told in Logto’s own words', async () => {
    wire.intercept = () =>
      Response.json({ error: 'server_error', error_description: 'oops' }, { status: 500 })
    expect(await refusal()).toContain('Logto gives no token for its Management API: server_error, oops')
  })
})

describe('access to Okta', () => {
  it.each([
    ['another’s', 'wrong'],
    ['with a character that came along unseen', '00token\u200b'],
    ['of two lines', '00to\nken'],
    ['with a blank', '00to ken'],
    ['empty', ''],
  ])('API token, %s, is to be made anew and not shown', async (_case, apiToken) => {
    const message = await refusal(oktaWith({ apiToken }))
    if (apiToken) expect(message).not.toContain(apiToken)
    expect(message).toContain(`Okta refuses the API token for ${context.sandbox.okta.orgUrl}`)
    expect(message).toContain('Create token; copy it into OKTA_API_TOKEN')
  })

  it('API token, of an admin who only reads, is refused at the first change to Okta', async () => {
    for (const token of context.sandbox.org.apiTokens) token.readOnly = true
    expect(await refusalOnTheWay()).toContain('may not manage apps and their groups')
    expect(context.sandbox.org.apps).toEqual([])
    expect(applicationsOf(context.sandbox)).toEqual([])
  })

  it('org, nobody listening, is named', async () => {
    const message = await refusal(oktaWith({ orgUrl: 'http://localhost:9' }))
    expect(message).toContain('http://localhost:9 does not answer: ')
  })

  it('org, another server at its address, is told so', async () => {
    const { endpoint } = context.sandbox.logto
    const message = await refusal(oktaWith({ orgUrl: endpoint }))
    expect(message).toContain(`The answer of ${endpoint} is not that of Okta's Management API`)
    expect(message).toContain('OKTA_ORG_URL')
  })

  it('group, of a name that only begins so, lists what there is', async () => {
    const message = await refusal({ group: 'Sta' })
    expect(message).toContain('Okta shows no group named “Sta”, but “Staff”.')
    expect(message).toContain('OKTA_GROUP')
    expect(await refusal({ group: 'Nobody' })).toContain('Okta shows no group named “Nobody”.')
  })

  it('client ID, of no application, is told so', async () => {
    const message = await refusal(oktaWith({ clientId: '0oanowhere' }))
    expect(message).toContain('Okta has no application with the client ID 0oanowhere')
    expect(message).toContain('Correct OKTA_CLIENT_ID')
  })

  it('client secret, not in Okta’s answer, is asked for', async () => {
    wire.intercept = async ({ what }, forward) => {
      const response = await forward()
      if (!/^(POST|PUT) \/api\/v1\/apps(\/\w+)?$/.test(what)) return response
      const app = (await response.json()) as { credentials: { oauthClient: Record<string, unknown> } }
      delete app.credentials.oauthClient.client_secret
      return Response.json(app)
    }
    const message = await refusalOnTheWay()
    expect(message).toContain('Okta does not tell the client secret of its application “Our app”')
    expect(message).toContain('into OKTA_CLIENT_SECRET')

    expect(await refusalOnTheWay()).toContain('into OKTA_CLIENT_SECRET')
    const { client_id: clientId, client_secret: clientSecret = '' } = only(context.sandbox.org.apps)
      .credentials.oauthClient
    await provision({ ...oktaWith({ clientId }), byHand: { clientId, clientSecret } })
    expect(only(context.sandbox.tenant.ssoConnectors).config).toMatchObject({ clientId, clientSecret })
  })
})

describe('the issuer', () => {
  it('issuer, nobody listening, is named', async () => {
    const message = await refusal({ issuer: 'http://localhost:9' })
    expect(message).toContain('http://localhost:9 does not answer: ')
  })

  it('issuer, an address without a discovery document, is told from one', async () => {
    const { issuer } = context.sandbox.okta
    const message = await refusal({ issuer: `${issuer}/oauth2/default` })
    expect(message).toContain(`${issuer}/oauth2/default is no OpenID issuer`)
    expect(message).toContain('answered 404')
    expect(message).toContain('OKTA_ISSUER')
  })

  it('issuer, of another name than its address, is told the name', async () => {
    const { issuer } = context.sandbox.okta
    const other = issuer.replace('localhost', '127.0.0.1')
    const message = await refusal({ issuer: other })
    expect(message).toContain(`${other} answers as another issuer: it calls itself ${issuer}.`)
    expect(message).toContain(`Set OKTA_ISSUER to ${issuer}`)
  })

  it.each([
    ['a document without endpoints', () => Response.json({ issuer: context.sandbox.okta.issuer })],
    ['a page', () => new Response('<p>Hello</p>')],
    ['half a document', () => new Response('{"issuer":"http')],
    ['a redirect', () => Response.redirect('https://company.okta.com/', 302)],
  ])('issuer, answering with %s, is none', async (_case, answer) => {
    wire.intercept = ({ what }, forward) =>
      what === 'GET /.well-known/openid-configuration' ? answer() : forward()
    expect(await refusal()).toContain('is no OpenID issuer')
  })

  it('issuer, reached by this machine and not by Logto, says so and changes no connector', async () => {
    const { apply } = await plan()
    wire.intercept = ({ what }, forward) =>
      what.startsWith('PATCH /api/sso-connectors/')
        ? Response.json({ code: 'connector.invalid_config', message: 'Invalid config.' }, { status: 400 })
        : forward()
    await expect(apply()).rejects.toThrow(
      /Logto cannot read the issuer of the connector.*\n.*a Logto elsewhere/,
    )
    expect(only(context.sandbox.tenant.ssoConnectors).config).toEqual({})
  })
})

describe('the connector', () => {
  it('domain, on another connector already, is named with it', async () => {
    addConnector({ domains: ['ACME.example', 'other.test'], connectorName: "Another's; exit" })
    const message = await refusal()
    expect(message).toContain(
      "acme.example is a domain of another connector already: “Another's; exit” (another-one).",
    )
    expect(message).toContain(String.raw`--connector-name 'Another'\''s; exit' if`)
    const both = await refusal({
      connector: { name: 'Acme', domains: ['acme.example', 'other.test', 'mine.test'], scopes: [] },
    })
    expect(both).toContain('acme.example, other.test are domains of another connector already')
  })

  it('connector, named to deceive, is shown in what is wrong and in what to do, and obeyed in neither', async () => {
    addConnector({ domains: ['acme.example'], connectorName: '\u001b[2J\r\nAll is well\u009b' })
    const message = await refusal()
    expect(message.match(/(?!\n)\p{Cc}/gu)).toBeNull()
    expect(message.match(/\\u001b\[2J\\u000d\\u000aAll is well\\u009b/g)).toHaveLength(3)
    expect(message.split('\n')).toHaveLength(2)
  })

  it('domain, on another connector as well as on ours, is refused all the same', async () => {
    await provision()
    wire.reset()
    addConnector({ domains: ['acme.example'] })
    expect(await refusal()).toContain('acme.example is a domain of another connector')
  })

  it('name, a connector’s for another provider, is to be chosen anew', async () => {
    Object.assign(addConnector({ connectorName: 'Acme' }), { providerName: 'AzureAD' })
    const message = await refusal()
    expect(message).toContain('another connector already with this name: “Acme” is a connector for AzureAD')
    expect(message).toContain('SSO_CONNECTOR_NAME')
  })

  it('name, a connector’s for another Okta, is to be chosen anew', async () => {
    addConnector({ connectorName: 'Acme', config: { issuer: 'https://bolt.okta.com' } })
    const message = await refusal()
    expect(message).toContain('“Acme” is for the Okta at https://bolt.okta.com, and not for')
    expect(message).toContain('SSO_CONNECTOR_NAME')
  })

  it('name, taken between plan and apply, is to be chosen anew', async () => {
    const { apply } = await plan()
    addConnector({ connectorName: 'Acme' })
    const before = stateOf(context.sandbox)
    await expect(apply()).rejects.toThrow(/another connector already.*\n.*SSO_CONNECTOR_NAME/)
    expect(stateOf(context.sandbox)).toEqual(before)
  })

  it('domain, of a public mail service, is refused before anything is made', async () => {
    const before = stateOf(context.sandbox)
    const message = await refusalOnTheWay({
      connector: { name: 'Acme', domains: ['acme.example', 'gmail.com'], scopes: [] },
    })
    expect(message).toContain('Logto takes no public email domains: gmail.com')
    expect(message).toContain('SSO_EMAIL_DOMAINS')
    expect(stateOf(context.sandbox)).toEqual(before)
  })

  it('domain, of a public mail service, at a connector that is there, changes nothing either', async () => {
    await provision()
    const before = stateOf(context.sandbox)
    await refusalOnTheWay({ connector: { name: 'Acme', domains: ['gmail.com'], scopes: [] } })
    expect(stateOf(context.sandbox)).toEqual(before)
  })

  it('connector, not in the tenant’s plan, points to the bill', async () => {
    wire.intercept = (sent, forward) =>
      isChange(sent)
        ? Response.json({ code: 'subscription.limit_exceeded', message: 'Exceeded.' }, { status: 403 })
        : forward()
    const message = await refusalOnTheWay()
    expect(message).toContain('Logto refuses (403 subscription.limit_exceeded): Exceeded.')
    expect(message).toContain('Plan and billing')
  })

  it('connector, refused in an unknown way, is told in Logto’s own words', async () => {
    wire.intercept = (sent, forward) =>
      isChange(sent) ? Response.json({ code: 'a.b', message: 'No.' }, { status: 422 }) : forward()
    expect(await refusalOnTheWay()).toContain('Logto refuses (422 a.b): No.')
  })
})
