import { describe, expect, it } from 'vitest'
import type { Desired } from '../../src/provision/provision.ts'
import type { SsoConnector } from '../../src/sandbox/index.ts'
import {
  addConnector,
  applicationsOf,
  blankForTests,
  expectNoSecret,
  isChange,
  only,
  stateOf,
} from './support.ts'

const context = blankForTests()
const { desired, plan, provision, refusal, wire } = context

const NOBODY = 'http://localhost:9'
const endpoint = () => context.sandbox.logto.endpoint
const orgUrl = () => context.sandbox.okta.orgUrl
const issuer = () => context.sandbox.okta.issuer
const another = (changes: Partial<SsoConnector>) => addConnector(context.sandbox, changes)

const logtoWith = (changes: Partial<Desired['logto']>) => ({ logto: { ...desired().logto, ...changes } })
const oktaWith = (changes: Partial<NonNullable<Desired['okta']>>) => {
  const { okta } = desired()
  if (!okta) throw new Error('no Okta')
  return { okta: { ...okta, ...changes } }
}
const withDomains = (...domains: string[]) => ({ connector: { name: 'Acme', domains, scopes: [] } })

/** Refuses every change, as Logto does it. */
const refuseChanges = (code: string, message: string, status: number) => {
  wire.intercept = (sent, forward) =>
    isChange(sent) ? Response.json({ code, message }, { status }) : forward()
}

/** Applies what is refused on the way, and gives the words. */
async function refusalOnTheWay(changes?: Partial<Desired>): Promise<string> {
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

/** What is wrong: makes it so, and gives what is wanted and the words it is refused with. */
type Wrong = Record<string, () => [wanted: Partial<Desired>, ...words: Array<string | RegExp>]>

/** Refuses what is wrong while the plan is made, so that nothing is changed. */
const areRefused = (wrong: Wrong) =>
  it.each(Object.entries(wrong))('%s, is told so', async (_what, arrange) => {
    const [wanted, ...words] = arrange()
    const message = await refusal(wanted)
    for (const part of words) expect(message).toMatch(part)
  })

describe('access to Logto', () => {
  const copyAnew = 'into LOGTO_M2M_APP_ID and LOGTO_M2M_APP_SECRET'

  areRefused({
    'endpoint, nobody listening': () => [
      logtoWith({ endpoint: NOBODY }),
      `${NOBODY} does not answer: `,
      /ECONNREFUSED|bad port/,
      'Check the address for mistakes',
    ],
    'endpoint, that of another server': () => [
      logtoWith({ endpoint: orgUrl() }),
      `${orgUrl()} is not a Logto: its /oidc/token answered 404`,
      'Set LOGTO_ENDPOINT to “Logto endpoint”',
    ],
    'endpoint, that of the admin tenant': () => {
      wire.answer('GET /api/.well-known/sign-in-exp', () => Response.json({ tenantId: 'admin' }))
      return [{}, "is Logto's admin tenant", 'ADMIN_ENDPOINT']
    },
    'machine-to-machine, another application': () => [
      logtoWith({ appId: 'nobody' }),
      'refuses the machine-to-machine application nobody',
      copyAnew,
    ],
    'machine-to-machine, a wrong secret': () => [
      logtoWith({ appSecret: 'wrong' }),
      'client authentication failed',
      copyAnew,
    ],
    'machine-to-machine, with a secret that has expired': () => {
      const error = { code: 'oidc.invalid_request', error: 'invalid_request' }
      const body = { ...error, error_description: 'client secret has expired' }
      wire.answer('POST /oidc/token', () => Response.json(body, { status: 400 }))
      return [{}, /LOGTO_M2M_APP_SECRET has expired.*\n.*Create new secret/]
    },
    'API of Logto, refusing with the token that it was sent': () => {
      wire.intercept = ({ what, headers }, forward) => {
        if (what !== 'GET /api/hooks') return forward()
        const body = { code: 'strange.code', message: `no ${headers.get('authorization')}` }
        return Response.json(body, { status: 400 })
      }
      return [{}, 'Logto refuses (400 strange.code): no Bearer …']
    },
    'Management API, an identifier nobody knows': () => [
      logtoWith({ managementApi: 'https://other.logto.app/api' }),
      'Logto knows no API with the identifier https://other.logto.app/api',
      'LOGTO_MANAGEMENT_API',
    ],
    'token, refused in an unknown way': () => {
      const body = { error: 'server_error', error_description: 'oops' }
      wire.answer('POST /oidc/token', () => Response.json(body, { status: 500 }))
      return [{}, 'Logto gives no token for its Management API: server_error, oops']
    },
  })

  it.each([
    ['another host name', (given: string) => given.replace('localhost', '127.0.0.1')],
    ['a path of its own', (given: string) => `${given}/logto`],
    ['a proxy that ends TLS', (given: string) => given.replace('http:', 'https:')],
  ])(
    'endpoint, by which Logto does not call itself, by %s, is told before all else',
    async (_what, other) => {
      const given = other(endpoint())
      wire.intercept = ({ url }) => fetch(url.href.replace(given, endpoint()))
      const message = await refusal(logtoWith({ endpoint: given }))
      expect(message).toContain(`Logto calls itself another issuer than ${given}/oidc: ${endpoint()}/oidc.`)
      const fix = given.startsWith('https:') ? 'TRUST_PROXY_HEADER=1' : `LOGTO_ENDPOINT=${endpoint()},`
      expect(message).toContain(fix)
      expect(wire.sent.map(({ what }) => what)).not.toContain('POST /oidc/token')
    },
  )

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

  it.each(['one\r\nX-Other: two', 'tok\u00e9n', '\u0142', ''])(
    'token, that no header holds, %j, is told so',
    async (token) => {
      const body = { access_token: token, expires_in: 3600, scope: 'all', token_type: 'Bearer' }
      wire.answer('POST /oidc/token', () => Response.json(body))
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
    const { apply } = await plan()
    refuseChanges('auth.forbidden', 'Forbidden.', 403)
    await expect(apply()).rejects.toThrow('Assign roles')
  })

  it('application, of another kind than machine-to-machine, is told so', async () => {
    const { applicationId = '', appSecret = '' } = (await provision()).wired
    wire.reset()
    const message = await refusal(logtoWith({ appId: applicationId, appSecret }))
    expect(message).toContain(`application ${applicationId} is of another kind than machine-to-machine`)
  })
})

describe('access to Okta', () => {
  areRefused({
    'org, nobody listening': () => [oktaWith({ orgUrl: NOBODY }), `${NOBODY} does not answer: `],
    'org, another server at its address': () => [
      oktaWith({ orgUrl: endpoint() }),
      `The answer of ${endpoint()} is not that of Okta's Management API`,
      'OKTA_ORG_URL',
    ],
    'group, of a name that only begins so': () => [
      { group: 'Sta' },
      'Okta shows no group named “Sta”, but “Staff”.',
      'OKTA_GROUP',
    ],
    'group, of a name that none begins with': () => [
      { group: 'Nobody' },
      'Okta shows no group named “Nobody”.',
    ],
    'client ID, of no application': () => [
      oktaWith({ clientId: '0oanowhere' }),
      'Okta has no application with the client ID 0oanowhere',
      'Correct OKTA_CLIENT_ID',
    ],
  })

  it.each([
    ['another’s', 'wrong'],
    ['with a character that came along unseen', '00token\u200b'],
    ['of two lines', '00to\nken'],
    ['with a blank', '00to ken'],
    ['empty', ''],
  ])('API token, %s, is to be made anew and not shown', async (_case, apiToken) => {
    const message = await refusal(oktaWith({ apiToken }))
    if (apiToken) expect(message).not.toContain(apiToken)
    expect(message).toContain(`Okta refuses the API token for ${orgUrl()}`)
    expect(message).toContain('Create token; copy it into OKTA_API_TOKEN')
  })

  it('API token, of an admin who only reads, is refused at the first change to Okta', async () => {
    for (const token of context.sandbox.org.apiTokens) token.readOnly = true
    expect(await refusalOnTheWay()).toContain('may not manage apps and their groups')
    expect(context.sandbox.org.apps).toEqual([])
    expect(applicationsOf(context.sandbox)).toEqual([])
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
  const document = (answer: () => Response) => () => {
    wire.answer('GET /.well-known/openid-configuration', answer)
    return [{}, 'is no OpenID issuer'] as [Partial<Desired>, string]
  }

  areRefused({
    'issuer, nobody listening': () => [{ issuer: NOBODY }, `${NOBODY} does not answer: `],
    'issuer, an address without a discovery document': () => [
      { issuer: `${issuer()}/oauth2/default` },
      `${issuer()}/oauth2/default is no OpenID issuer`,
      'answered 404',
      'OKTA_ISSUER',
    ],
    'issuer, of another name than its address': () => {
      const other = issuer().replace('localhost', '127.0.0.1')
      const words = `${other} answers as another issuer: it calls itself ${issuer()}.`
      return [{ issuer: other }, words, `Set OKTA_ISSUER to ${issuer()}`]
    },
    'issuer, answering with a document without endpoints': document(() =>
      Response.json({ issuer: issuer() }),
    ),
    'issuer, answering with a page': document(() => new Response('<p>Hello</p>')),
    'issuer, answering with half a document': document(() => new Response('{"issuer":"http')),
    'issuer, answering with a redirect': document(() => Response.redirect('https://company.okta.com/', 302)),
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
  const chooseAnew = 'SSO_CONNECTOR_NAME'

  areRefused({
    'domain, on another connector already': () => {
      another({ domains: ['ACME.example'], connectorName: "Another's; exit" })
      return [
        {},
        "acme.example is a domain of another connector already: “Another's; exit” (another-one).",
        String.raw`--connector-name 'Another'\''s; exit' if`,
      ]
    },
    'domains, two of them on another connector': () => {
      another({ domains: ['ACME.example', 'other.test'] })
      const words = 'acme.example, other.test are domains of another connector already'
      return [withDomains('acme.example', 'other.test', 'mine.test'), words]
    },
    'name, a connector’s for another provider': () => {
      another({ connectorName: 'Acme', providerName: 'AzureAD' })
      return [{}, 'connector already with this name: “Acme” is a connector for AzureAD', chooseAnew]
    },
    'name, a connector’s for another Okta': () => {
      another({ connectorName: 'Acme', config: { issuer: 'https://bolt.okta.com' } })
      return [{}, '“Acme” is for the Okta at https://bolt.okta.com, and not for', chooseAnew]
    },
  })

  it('connector, named to deceive, is shown in what is wrong and in what to do, and obeyed in neither', async () => {
    another({ domains: ['acme.example'], connectorName: '\u001b[2J\r\nAll is well\u009b' })
    const message = await refusal()
    expect(message.match(/(?!\n)\p{Cc}/gu)).toBeNull()
    expect(message.match(/\\u001b\[2J\\u000d\\u000aAll is well\\u009b/g)).toHaveLength(3)
    expect(message.split('\n')).toHaveLength(2)
  })

  it('domain, on another connector as well as on ours, is refused all the same', async () => {
    await provision()
    wire.reset()
    another({ domains: ['acme.example'] })
    expect(await refusal()).toContain('acme.example is a domain of another connector')
  })

  it('name, taken between plan and apply, is to be chosen anew', async () => {
    const { apply } = await plan()
    another({ connectorName: 'Acme' })
    const before = stateOf(context.sandbox)
    await expect(apply()).rejects.toThrow(/another connector already.*\n.*SSO_CONNECTOR_NAME/)
    expect(stateOf(context.sandbox)).toEqual(before)
  })

  it('domain, of a public mail service, is refused before anything is made, or changed at what is there', async () => {
    const blank = stateOf(context.sandbox)
    const message = await refusalOnTheWay(withDomains('acme.example', 'gmail.com'))
    expect(message).toContain('Logto takes no public email domains: gmail.com')
    expect(message).toContain('SSO_EMAIL_DOMAINS')
    expect(stateOf(context.sandbox)).toEqual(blank)

    await provision()
    const provisioned = stateOf(context.sandbox)
    await refusalOnTheWay(withDomains('gmail.com'))
    expect(stateOf(context.sandbox)).toEqual(provisioned)
  })

  it('connector, not in the tenant’s plan or refused in an unknown way, is told in Logto’s own words', async () => {
    refuseChanges('subscription.limit_exceeded', 'Exceeded.', 403)
    const message = await refusalOnTheWay()
    expect(message).toContain('Logto refuses (403 subscription.limit_exceeded): Exceeded.')
    expect(message).toContain('Plan and billing')
    refuseChanges('a.b', 'No.', 422)
    expect(await refusalOnTheWay()).toContain('Logto refuses (422 a.b): No.')
  })
})
