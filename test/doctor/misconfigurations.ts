import type { Application, SsoConnector } from '../../src/sandbox/index.ts'
import { addUser } from '../../src/sandbox/logto/state/users.ts'
import { EMAIL, type House } from './house.ts'

/** One thing that is wrong, and what the doctor has to say of it. */
export interface Misconfiguration {
  what: string
  /** The one link that is broken. */
  check: string
  arrange: (house: House) => unknown
  /** What the fix has to contain, to the letter. */
  fix: (house: House) => string | string[]
  /** Whether only somebody with management credentials can see it. */
  management: boolean
  /** Links that, seen with management credentials, rightly say more than when all is well. */
  alsoWarns: string[]
}

type Fix = string | string[] | ((house: House) => string | string[])

/** By the link that is broken and what is wrong: how it comes to be, what the fix says, what warns as well. */
type Faults = Record<
  string,
  Record<string, [arrange: Misconfiguration['arrange'], fix: Fix, alsoWarns?: string]>
>

const told = (settings: House['settings']) => (house: House) => Object.assign(house.settings, settings)
const appTold = (settings: House['settings']) => (house: House) => Object.assign(house.ofTheApp, settings)
const doctorTold = (settings: House['settings']) => (house: House) =>
  Object.assign(house.ofTheDoctor, settings)
const application = (changes: Partial<Application>) => (house: House) =>
  Object.assign(house.application, changes)
const metadata = (changes: Partial<Application['oidcClientMetadata']>) => (house: House) =>
  Object.assign(house.application.oidcClientMetadata, changes)
const connector = (changes: Partial<SsoConnector>) => (house: House) =>
  Object.assign(house.connector, changes)
const connection = (config: SsoConnector['config']) => (house: House) =>
  Object.assign(house.connector.config, config)
const experience = (changes: Partial<House['sandbox']['tenant']['signInExperience']>) => (house: House) =>
  Object.assign(house.sandbox.tenant.signInExperience, changes)
const hook = (changes: Partial<House['hook']>) => (house: House) => Object.assign(house.hook, changes)
const secretsEnd = (house: House) => {
  for (const secret of house.application.secrets) secret.expiresAt = Date.now() - 1000
}
/** What answers in the app's place. */
const instead = (answer: NonNullable<House['inPlaceOfTheApp']>) => (house: House) =>
  Object.assign(house, { inPlaceOfTheApp: answer })
/** What comes back in place of an answer, where anything does. */
const answered =
  (answer: (house: House, url: string, body: string) => Response | undefined) => (house: House) => {
    const { send } = house
    house.send = async (input, init) =>
      answer(house, String(input), String(init?.body)) ?? (await send(input, init))
  }
/** What a proxy before the app makes of its cookies. */
const cookies = (rewrite: (cookie: string) => string | undefined) => (house: House) => {
  const { send } = house
  house.send = async (input, init) => {
    const response = await send(input, init)
    if (!String(input).endsWith('/sign-in')) return response
    const headers = new Headers(response.headers)
    headers.delete('set-cookie')
    for (const cookie of response.headers.getSetCookie()) {
      const rewritten = rewrite(cookie)
      if (rewritten) headers.append('set-cookie', rewritten)
    }
    return new Response(response.body, { status: response.status, headers })
  }
}

const closedPort = 'http://localhost:2'
const byNumber = (address: string) => address.replace('localhost', '127.0.0.1')
const ofApp = (path: string) => (house: House) => `BASE_URL=${house.url}${path}`
const organization = ({ sandbox }: House) => `Organizations → ${sandbox.tenant.organizations[0]?.id}`
const traditional = 'Create application → Traditional web'
const callback = ({ url }: House) => `Redirect URIs: add ${url}/callback`

/** What anybody can see. */
const faults: Faults = {
  settings: {
    'no secret of the application': [
      doctorTold({ LOGTO_APP_SECRET: '' }),
      ['LOGTO_APP_SECRET: ', 'Logto console'],
    ],
    'no Logto at all': [
      doctorTold({ LOGTO_ENDPOINT: '', LOGTO_APP_ID: '', LOGTO_APP_SECRET: '' }),
      ['npm run provision', 'npm run sandbox'],
    ],
    'two faults, one of them in a setting of provision': [
      doctorTold({ BASE_URL: 'nonsense', SSO_EMAIL_DOMAINS: 'no domain' }),
      ['BASE_URL: write it as https://host', 'SSO_EMAIL_DOMAINS: write what stands after the @'],
    ],
  },
  app: {
    'nothing listening': [(house) => house.stopApp(), ofApp('')],
    'another app': [instead((_req, res) => res.end('<h1>It works!</h1>')), ({ url }) => url],
    'a redirect elsewhere': [
      instead((_req, res) => res.writeHead(301, { location: 'https://app.example/' }).end()),
      'https://app.example',
    ],
    'a proxy without an app behind it': [
      (house) => {
        house.settings.PORT = '3456'
        house.inPlaceOfTheApp = (_req, res) => res.writeHead(502).end('Bad Gateway')
      },
      'PORT=3456',
    ],
    'the app under another path': [
      (house) => appTold({ BASE_URL: `${house.url}/elsewhere` })(house),
      ofApp(','),
    ],
    'the app with another application': [
      (house) => {
        const { id, secrets } = house.addApplication()
        appTold({ LOGTO_APP_ID: id, LOGTO_APP_SECRET: secrets[0]?.value })(house)
      },
      ({ settings }) => `LOGTO_APP_ID=${settings.LOGTO_APP_ID},`,
    ],
    'the app with another BASE_URL': [
      (house) => appTold({ BASE_URL: byNumber(house.url) })(house),
      ({ url }) => `with BASE_URL=${url},`,
    ],
    'the app without its way to sign in': [
      instead((req, res) =>
        res
          .writeHead(req.url === '/' ? 200 : 500)
          .end('<meta name="application-name" content="express-logto-okta">'),
      ),
      'log of the app',
    ],
  },
  'logto-endpoint': {
    'nothing at the endpoint': [told({ LOGTO_ENDPOINT: closedPort }), `LOGTO_ENDPOINT=${closedPort}`],
    'no Logto at the endpoint': [
      (house) => told({ LOGTO_ENDPOINT: house.sandbox.okta.issuer })(house),
      ({ sandbox }) => ['Set LOGTO_ENDPOINT to “Logto endpoint”', sandbox.okta.issuer],
    ],
    "Logto's admin tenant at the endpoint": [
      ({ sandbox }) => Object.assign(sandbox.tenant, { id: 'admin' }),
      ['ADMIN_ENDPOINT', 'Set LOGTO_ENDPOINT to “Logto endpoint”'],
    ],
  },
  'sign-in-mode': {
    'a sign-in experience that only registers': [
      experience({ signInMode: 'Register' }),
      'signInMode to SignInAndRegister',
    ],
  },
  'logto-discovery': {
    'the app with Logto under a name it does not call itself': [
      (house) => appTold({ LOGTO_ENDPOINT: byNumber(house.sandbox.logto.endpoint) })(house),
      ({ settings }) => `with LOGTO_ENDPOINT=${settings.LOGTO_ENDPOINT},`,
    ],
    'Logto by another host name': [
      (house) => told({ LOGTO_ENDPOINT: byNumber(house.sandbox.logto.endpoint) })(house),
      ({ sandbox, settings }) => [
        `LOGTO_ENDPOINT=${sandbox.logto.endpoint},`,
        `ENDPOINT=${settings.LOGTO_ENDPOINT}`,
      ],
    ],
    'a Logto that the app does not reach': [
      appTold({ LOGTO_ENDPOINT: closedPort }),
      ({ settings }) => `LOGTO_ENDPOINT=${settings.LOGTO_ENDPOINT},`,
    ],
    'no discovery document': [
      answered((_house, url) =>
        url.includes('/oidc/.well-known/') ? Response.json({ issuer: 'nobody' }) : undefined,
      ),
      ({ sandbox }) => sandbox.logto.endpoint,
    ],
  },
  clock: {
    'two minutes ahead': [(house) => Object.assign(house, { clock: 120_000 }), 'timedatectl set-ntp true'],
    '70 seconds behind': [(house) => Object.assign(house, { clock: -70_000 }), 'timedatectl set-ntp true'],
  },
  'app-id': {
    'an App ID nobody knows': [
      told({ LOGTO_APP_ID: 'nobody-knows-this-id' }),
      ['Copy “App ID”', 'nobody-knows-this-id'],
    ],
    ...Object.fromEntries(
      (['SPA', 'Native', 'MachineToMachine'] as const).map((type) => [
        `an application of the type ${type}`,
        [application({ type }), (house: House) => [traditional, house.application.id]],
      ]),
    ),
    'a machine-to-machine application without addresses': [
      (house) => {
        application({ type: 'MachineToMachine' })(house)
        metadata({ redirectUris: [] })(house)
      },
      traditional,
    ],
    'a third-party application': [
      (house) => {
        house.application.isThirdParty = true
        const refusal = 'error=invalid_scope&error_description=requested+scope+is+not+allowed'
        const headers = { location: `${house.url}/callback?${refusal}` }
        answered((_house, url) =>
          url.includes('/oidc/auth?') ? new Response(null, { status: 303, headers }) : undefined,
        )(house)
      },
      (house) => ['not under Third-party apps', house.application.id],
    ],
  },
  'app-secret': {
    'a wrong secret': [
      told({ LOGTO_APP_SECRET: 'wrong: +secret%/0123456789' }),
      (house) => [house.application.id, '→ App secrets', 'LOGTO_APP_SECRET'],
    ],
    'a secret that has ended': [secretsEnd, 'Create new secret'],
    'a secret that has expired, in the words of Logto': [
      answered((_house, url, body) => {
        if (!url.endsWith('/oidc/token') || !body.includes('authorization_code')) return undefined
        const error = { code: 'oidc.invalid_request', error: 'invalid_request' }
        return Response.json({ ...error, error_description: 'client secret has expired' }, { status: 400 })
      }),
      'Create new secret',
    ],
  },
  'redirect-uri': {
    'no redirect URI': [metadata({ redirectUris: [] }), callback],
    'a redirect URI with a slash too many': [
      (house) => metadata({ redirectUris: [`${house.url}/callback/`] })(house),
      callback,
    ],
  },
  'post-logout-uri': {
    'another post sign-out redirect URI': [
      (house) => metadata({ postLogoutRedirectUris: [`${house.url}/elsewhere`] })(house),
      ({ url }) => `Post sign-out redirect URIs: add ${url}/`,
    ],
  },
  'sso-switch': {
    'Enterprise SSO switched off': [
      experience({ singleSignOnEnabled: false }),
      'Advanced options → Enterprise SSO: switch it on',
    ],
  },
  connector: {
    'no connector': [({ sandbox }) => sandbox.tenant.ssoConnectors.pop(), 'Add enterprise connector → Okta'],
    'a connector without an email domain': [connector({ domains: [] }), 'Enterprise email domains'],
    'a connector without issuer': [(house) => delete house.connector.config.issuer, 'Issuer'],
    'a connector without clientId': [(house) => delete house.connector.config.clientId, 'Client ID'],
    'a connector without clientSecret': [
      (house) => delete house.connector.config.clientSecret,
      'Client Secret',
    ],
  },
  'email-domain': {
    'another email domain': [
      connector({ domains: ['other.example'] }),
      'Enterprise email domains: add acme.example',
    ],
  },
  'authorization-uri': {
    'nothing at the issuer': [
      (house) => {
        connection({ issuer: closedPort })(house)
        told({ OKTA_ORG_URL: house.sandbox.okta.issuer })(house)
      },
      ({ sandbox, connector: { id } }) => `(${id}) → Connection → Issuer: ${sandbox.okta.issuer}`,
    ],
    'an address for an issuer that is none': [
      (house) => connection({ issuer: house.sandbox.logto.endpoint })(house),
      'Issuer: the address of the company',
    ],
  },
  'okta-issuer': {
    'an issuer that calls itself otherwise': [
      (house) => connection({ issuer: byNumber(house.sandbox.okta.issuer) })(house),
      ({ sandbox, connector: { id } }) => `(${id}) → Connection → Issuer: ${sandbox.okta.issuer}`,
    ],
  },
  'okta-client': {
    'a client ID nobody knows': [
      connection({ clientId: '0oaNobodyKnowsThis' }),
      ['→ Connection → Client ID', '0oaNobodyKnowsThis'],
    ],
    'an application that is deactivated': [
      ({ oktaApp }) => Object.assign(oktaApp, { status: 'INACTIVE' }),
      ({ oktaApp }) => ['activate the application in Okta', oktaApp.credentials.oauthClient.client_id],
    ],
    'an application that wants PKCE': [
      ({ oktaApp }) => Object.assign(oktaApp.credentials.oauthClient, { pkce_required: true }),
      ({ oktaApp: { credentials } }) => [
        '“Require PKCE as additional verification”',
        credentials.oauthClient.client_id,
      ],
    ],
    'an application without the authorization code flow': [
      ({ oktaApp }) =>
        Object.assign(oktaApp.settings.oauthClient, {
          grant_types: ['client_credentials'],
          response_types: ['token'],
        }),
      'tick “Authorization Code”',
    ],
  },
  'okta-redirect': {
    'another redirect URI': [
      ({ oktaApp, connectorCallback }) =>
        Object.assign(oktaApp.settings.oauthClient, { redirect_uris: [`${connectorCallback}/`] }),
      ({ connectorCallback }) => `Sign-in redirect URIs: add ${connectorCallback}`,
    ],
  },
  'okta-scopes': {
    'a scope that Okta does not know': [
      connection({ scope: 'openid profile email payroll' }),
      'Scope: openid profile email (and no payroll)',
    ],
  },
  cookies: {
    'a proxy that takes cookies away': [cookies(() => undefined), ofApp('')],
    'a proxy that narrows the path of cookies': [
      cookies((cookie) => cookie.replace('Path=/', 'Path=/sign-in')),
      ofApp(''),
    ],
  },
}

/** What only somebody with management credentials can see. */
const faultsBehindCredentials: Faults = {
  settings: {
    'half of the management credentials': [
      doctorTold({ LOGTO_M2M_APP_SECRET: '' }),
      'LOGTO_M2M_APP_SECRET: copy it from the machine-to-machine application',
    ],
  },
  management: {
    'management credentials that are wrong': [
      doctorTold({ LOGTO_M2M_APP_SECRET: 'wrong-machine-secret-0123456789' }),
      ['LOGTO_M2M_APP_ID', 'LOGTO_M2M_APP_SECRET'],
    ],
    'a machine-to-machine application without its role': [
      ({ sandbox }) => {
        for (const each of sandbox.tenant.applications) each.isAdmin = false
      },
      '“Logto Management API access”',
    ],
  },
  'email-domain': {
    'the email domain on a connector that is incomplete': [
      (house) => {
        house.connector.domains = ['other.example']
        house.addConnector({ domains: ['acme.example'], config: { issuer: 'https://beta.example' } })
      },
      '“Okta Beta” (anotherconn1): fill in Client ID (Connection), Client Secret (Connection)',
      'connector',
    ],
  },
  'okta-secret': {
    'a wrong client secret': [
      connection({ clientSecret: 'wrong-client-secret-0123456789' }),
      ({ oktaApp, connector: { id } }) => [
        oktaApp.credentials.oauthClient.client_id,
        `(${id}) → Connection → Client Secret`,
      ],
    ],
  },
  'refresh-token': {
    'LOGTO_OFFLINE_ACCESS=false at an application that gives no refresh tokens': [
      told({ LOGTO_OFFLINE_ACCESS: 'false' }),
      ['Always issue refresh token: switch it on', 'npm run provision'],
    ],
  },
  'back-channel-logout': {
    'no back-channel logout URI': [
      (house) => delete house.application.oidcClientMetadata.backchannelLogoutUri,
      ({ url }) => `Backchannel logout URI: ${url}/backchannel-logout`,
    ],
    'no session ID in logout tokens': [
      metadata({ backchannelLogoutSessionRequired: false }),
      '“Is session required?”',
    ],
  },
  webhook: {
    'no webhook': [
      ({ sandbox }) => sandbox.tenant.hooks.pop(),
      ({ url }) => ['Logto console → Webhooks', `${url}/webhooks/logto`],
    ],
    'a webhook without one of its events': [
      hook({ events: ['User.Deleted'] }),
      (house) => [house.hook.id, 'tick User.SuspensionStatus.Updated'],
    ],
    'a webhook that is disabled': [
      hook({ enabled: false }),
      (house) => [house.hook.id, 'Reactivate webhook'],
    ],
    'another signing key of the webhook': [
      doctorTold({ LOGTO_WEBHOOK_SIGNING_KEY: 'another-signing-key-0123456789' }),
      (house) => [house.hook.id, 'LOGTO_WEBHOOK_SIGNING_KEY'],
    ],
  },
  'api-resource': {
    'no API resource': [
      ({ sandbox }) => sandbox.tenant.apiResources.splice(1),
      ({ sandbox }) => [
        'Logto console → API resources → Create API resource',
        `API identifier ${sandbox.apiResource}`,
        'read:notes',
      ],
    ],
    'a slash too many at the identifier of the API resource': [
      ({ apiResource }) => Object.assign(apiResource, { indicator: `${apiResource.indicator}/` }),
      ({ sandbox }) => `Set API_RESOURCE to ${sandbox.apiResource}/ and restart the app`,
    ],
    'an API resource without the permission': [
      ({ apiResource }) => {
        for (const scope of apiResource.scopes) scope.name = 'write:notes'
      },
      ({ apiResource }) => `(${apiResource.id}) → Permissions → Create permission: read:notes`,
    ],
  },
  organization: {
    'an organization of the company that nobody joins': [
      ({ settings, company, sandbox }) => {
        Object.assign(settings, company)
        for (const { jit } of sandbox.tenant.organizations) jit.ssoConnectorIds = []
      },
      (house) => [organization(house), `add the connector ${house.connector.id}`],
    ],
    'somebody of the company who is no member of its organization': [
      ({ settings, company, sandbox, connector: { id: ssoConnectorId } }) => {
        Object.assign(settings, company)
        const ids = { id: 'identity', ssoConnectorId, issuer: sandbox.okta.issuer, identityId: '00uEarly' }
        const identity = { ...ids, detail: { email: EMAIL }, createdAt: 1, updatedAt: 1 }
        addUser(sandbox.tenant, { primaryEmail: EMAIL, ssoIdentities: [identity] })
      },
      (house) => `${organization(house)} → Members → Add member: ${EMAIL}`,
    ],
  },
}

const rowsOf = (byCheck: Faults, management: boolean): Misconfiguration[] =>
  Object.entries(byCheck).flatMap(([check, each]) =>
    Object.entries(each).map(([what, [arrange, fix, alsoWarns]]) => ({
      ...{ what, check, arrange, management, alsoWarns: alsoWarns ? [alsoWarns] : [] },
      fix: typeof fix === 'function' ? fix : () => fix,
    })),
  )

/** Single faults, each of which is one check's own. */
export const misconfigurations = [...rowsOf(faults, false), ...rowsOf(faultsBehindCredentials, true)]
