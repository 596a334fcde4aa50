import { addUser } from '../../src/sandbox/logto/state/users.ts'
import { EMAIL, type House } from './house.ts'

/** One thing that is wrong, and what the doctor has to say of it. */
export interface Misconfiguration {
  what: string
  /** The one link that is broken. */
  check: string
  arrange: (house: House) => void | Promise<void>
  /** What the fix has to contain, to the letter. */
  fix: (house: House) => string | string[]
  /** Whether only somebody with management credentials can see it. */
  management?: true
  /** Links that, seen with management credentials, rightly say more than when all is well. */
  alsoWarns?: string[]
}

const closedPort = 'http://localhost:2'

const settings: Misconfiguration[] = [
  {
    what: 'no secret of the application',
    check: 'settings',
    arrange: ({ ofTheDoctor }) => {
      ofTheDoctor.LOGTO_APP_SECRET = ''
    },
    fix: () => ['LOGTO_APP_SECRET: ', 'Logto console'],
  },
  {
    what: 'no Logto at all',
    check: 'settings',
    arrange: ({ ofTheDoctor }) => {
      Object.assign(ofTheDoctor, { LOGTO_ENDPOINT: '', LOGTO_APP_ID: '', LOGTO_APP_SECRET: '' })
    },
    fix: () => ['npm run provision', 'npm run sandbox'],
  },
  {
    what: 'two faults, one of them in a setting of provision',
    check: 'settings',
    arrange: ({ ofTheDoctor }) => {
      Object.assign(ofTheDoctor, { BASE_URL: 'nonsense', SSO_EMAIL_DOMAINS: 'no domain' })
    },
    fix: () => ['BASE_URL: write it as https://host', 'SSO_EMAIL_DOMAINS: write what stands after the @'],
  },
]

const app: Misconfiguration[] = [
  {
    what: 'nothing listening',
    check: 'app',
    arrange: (house) => house.stopApp(),
    fix: ({ url }) => `BASE_URL=${url}`,
  },
  {
    what: 'another app',
    check: 'app',
    arrange: (house) => {
      house.inPlaceOfTheApp = (_req, res) => res.end('<h1>It works!</h1>')
    },
    fix: ({ url }) => url,
  },
  {
    what: 'a redirect elsewhere',
    check: 'app',
    arrange: (house) => {
      house.inPlaceOfTheApp = (_req, res) => res.writeHead(301, { location: 'https://app.example/' }).end()
    },
    fix: () => 'https://app.example',
  },
  {
    what: 'a proxy without an app behind it',
    check: 'app',
    arrange: (house) => {
      house.settings.PORT = '3456'
      house.inPlaceOfTheApp = (_req, res) => res.writeHead(502).end('Bad Gateway')
    },
    fix: () => 'PORT=3456',
  },
  {
    what: 'the app under another path',
    check: 'app',
    arrange: ({ ofTheApp, url }) => {
      ofTheApp.BASE_URL = `${url}/elsewhere`
    },
    fix: ({ url }) => `BASE_URL=${url},`,
  },
  {
    what: 'the app with another application',
    check: 'app',
    arrange: (house) => {
      const { id, secrets } = house.addApplication()
      Object.assign(house.ofTheApp, { LOGTO_APP_ID: id, LOGTO_APP_SECRET: secrets[0]?.value })
    },
    fix: ({ settings }) => `LOGTO_APP_ID=${settings.LOGTO_APP_ID},`,
  },
  {
    what: 'the app with another BASE_URL',
    check: 'app',
    arrange: ({ ofTheApp, url }) => {
      ofTheApp.BASE_URL = url.replace('localhost', '127.0.0.1')
    },
    fix: ({ url }) => `with BASE_URL=${url},`,
  },
  {
    what: 'the app with Logto under a name it does not call itself',
    check: 'logto-discovery',
    arrange: ({ ofTheApp, sandbox }) => {
      ofTheApp.LOGTO_ENDPOINT = sandbox.logto.endpoint.replace('localhost', '127.0.0.1')
    },
    fix: ({ settings }) => `with LOGTO_ENDPOINT=${settings.LOGTO_ENDPOINT},`,
  },
  {
    what: 'the app without its way to sign in',
    check: 'app',
    arrange: (house) => {
      const page = '<meta name="application-name" content="express-logto-okta">'
      house.inPlaceOfTheApp = (req, res) => res.writeHead(req.url === '/' ? 200 : 500).end(page)
    },
    fix: () => 'log of the app',
  },
]

const logto: Misconfiguration[] = [
  {
    what: 'nothing at the endpoint',
    check: 'logto-endpoint',
    arrange: ({ settings }) => {
      settings.LOGTO_ENDPOINT = closedPort
    },
    fix: () => `LOGTO_ENDPOINT=${closedPort}`,
  },
  {
    what: 'no Logto at the endpoint',
    check: 'logto-endpoint',
    arrange: ({ settings, sandbox }) => {
      settings.LOGTO_ENDPOINT = sandbox.okta.issuer
    },
    fix: ({ sandbox }) => ['Set LOGTO_ENDPOINT to “Logto endpoint”', sandbox.okta.issuer],
  },
  {
    what: "Logto's admin tenant at the endpoint",
    check: 'logto-endpoint',
    arrange: ({ sandbox }) => {
      sandbox.tenant.id = 'admin'
    },
    fix: () => ['ADMIN_ENDPOINT', 'Set LOGTO_ENDPOINT to “Logto endpoint”'],
  },
  {
    what: 'a sign-in experience that only registers',
    check: 'sign-in-mode',
    arrange: ({ sandbox }) => {
      sandbox.tenant.signInExperience.signInMode = 'Register'
    },
    fix: () => 'signInMode to SignInAndRegister',
  },
  {
    what: 'Logto by another host name',
    check: 'logto-discovery',
    arrange: ({ settings, sandbox }) => {
      settings.LOGTO_ENDPOINT = sandbox.logto.endpoint.replace('localhost', '127.0.0.1')
    },
    fix: ({ sandbox, settings }) => [
      `LOGTO_ENDPOINT=${sandbox.logto.endpoint},`,
      `ENDPOINT=${settings.LOGTO_ENDPOINT}`,
    ],
  },
  {
    what: 'a Logto that the app does not reach',
    check: 'logto-discovery',
    arrange: ({ ofTheApp }) => {
      ofTheApp.LOGTO_ENDPOINT = closedPort
    },
    fix: ({ settings }) => `LOGTO_ENDPOINT=${settings.LOGTO_ENDPOINT},`,
  },
  {
    what: 'no discovery document',
    check: 'logto-discovery',
    arrange: (house) => {
      const { send } = house
      house.send = (input, init) =>
        String(input).includes('/oidc/.well-known/')
          ? Promise.resolve(Response.json({ issuer: 'nobody' }))
          : send(input, init)
    },
    fix: ({ sandbox }) => sandbox.logto.endpoint,
  },
  {
    what: 'a clock two minutes ahead',
    check: 'clock',
    arrange: (house) => {
      house.clock = 120_000
    },
    fix: () => 'timedatectl set-ntp true',
  },
  {
    what: 'a clock 70 seconds behind',
    check: 'clock',
    arrange: (house) => {
      house.clock = -70_000
    },
    fix: () => 'timedatectl set-ntp true',
  },
]

const application: Misconfiguration[] = [
  {
    what: 'an App ID nobody knows',
    check: 'app-id',
    arrange: ({ settings }) => {
      settings.LOGTO_APP_ID = 'nobody-knows-this-id'
    },
    fix: () => ['Copy “App ID”', 'nobody-knows-this-id'],
  },
  ...(['SPA', 'Native', 'MachineToMachine'] as const).map(
    (type): Misconfiguration => ({
      what: `an application of the type ${type}`,
      check: 'app-id',
      arrange: ({ application }) => {
        application.type = type
      },
      fix: ({ application }) => ['Create application → Traditional web', application.id],
    }),
  ),
  {
    what: 'a machine-to-machine application without addresses',
    check: 'app-id',
    arrange: ({ application }) => {
      application.type = 'MachineToMachine'
      application.oidcClientMetadata.redirectUris = []
    },
    fix: () => 'Create application → Traditional web',
  },
  {
    what: 'a wrong secret',
    check: 'app-secret',
    arrange: ({ settings }) => {
      settings.LOGTO_APP_SECRET = 'wrong: +secret%/0123456789'
    },
    fix: ({ application }) => [application.id, '→ App secrets', 'LOGTO_APP_SECRET'],
  },
  {
    what: 'a secret that has ended',
    check: 'app-secret',
    arrange: ({ application }) => {
      for (const secret of application.secrets) secret.expiresAt = Date.now() - 1000
    },
    fix: () => 'Create new secret',
  },
  {
    what: 'a secret that has expired, in the words of Logto',
    check: 'app-secret',
    arrange: (house) => {
      const { send } = house
      const body = { code: 'oidc.invalid_request', error: 'invalid_request' }
      house.send = async (input, init) =>
        String(input).endsWith('/oidc/token') && String(init?.body).includes('authorization_code')
          ? Response.json({ ...body, error_description: 'client secret has expired' }, { status: 400 })
          : send(input, init)
    },
    fix: () => 'Create new secret',
  },
  {
    what: 'a third-party application',
    check: 'app-id',
    arrange: (house) => {
      house.application.isThirdParty = true
      const { send } = house
      const refusal = 'error=invalid_scope&error_description=requested+scope+is+not+allowed'
      house.send = async (input, init) =>
        String(input).includes('/oidc/auth?')
          ? new Response(null, { status: 303, headers: { location: `${house.url}/callback?${refusal}` } })
          : send(input, init)
    },
    fix: ({ application }) => ['not under Third-party apps', application.id],
  },
  {
    what: 'no redirect URI',
    check: 'redirect-uri',
    arrange: ({ application }) => {
      application.oidcClientMetadata.redirectUris = []
    },
    fix: ({ url }) => `Redirect URIs: add ${url}/callback`,
  },
  {
    what: 'a redirect URI with a slash too many',
    check: 'redirect-uri',
    arrange: ({ application, url }) => {
      application.oidcClientMetadata.redirectUris = [`${url}/callback/`]
    },
    fix: ({ url }) => `Redirect URIs: add ${url}/callback`,
  },
  {
    what: 'another post sign-out redirect URI',
    check: 'post-logout-uri',
    arrange: ({ application, url }) => {
      application.oidcClientMetadata.postLogoutRedirectUris = [`${url}/elsewhere`]
    },
    fix: ({ url }) => `Post sign-out redirect URIs: add ${url}/`,
  },
]

const connector: Misconfiguration[] = [
  {
    what: 'Enterprise SSO switched off',
    check: 'sso-switch',
    arrange: ({ sandbox }) => {
      sandbox.tenant.signInExperience.singleSignOnEnabled = false
    },
    fix: () => 'Advanced options → Enterprise SSO: switch it on',
  },
  {
    what: 'no connector',
    check: 'connector',
    arrange: ({ sandbox }) => {
      sandbox.tenant.ssoConnectors.length = 0
    },
    fix: () => 'Add enterprise connector → Okta',
  },
  {
    what: 'a connector without an email domain',
    check: 'connector',
    arrange: ({ connector }) => {
      connector.domains = []
    },
    fix: () => 'Enterprise email domains',
  },
  ...(['issuer', 'clientId', 'clientSecret'] as const).map(
    (part): Misconfiguration => ({
      what: `a connector without ${part}`,
      check: 'connector',
      arrange: ({ connector }) => {
        delete connector.config[part]
      },
      fix: () => ({ issuer: 'Issuer', clientId: 'Client ID', clientSecret: 'Client Secret' })[part],
    }),
  ),
  {
    what: 'another email domain',
    check: 'email-domain',
    arrange: ({ connector }) => {
      connector.domains = ['other.example']
    },
    fix: () => 'Enterprise email domains: add acme.example',
  },
  {
    what: 'the email domain on a connector that is incomplete',
    check: 'email-domain',
    management: true,
    arrange: (house) => {
      house.connector.domains = ['other.example']
      house.addConnector({ domains: ['acme.example'], config: { issuer: 'https://beta.example' } })
    },
    fix: () => '“Okta Beta” (anotherconn1): fill in Client ID (Connection), Client Secret (Connection)',
    alsoWarns: ['connector'],
  },
  {
    what: 'nothing at the issuer',
    check: 'authorization-uri',
    arrange: ({ connector, settings, sandbox }) => {
      connector.config.issuer = closedPort
      settings.OKTA_ORG_URL = sandbox.okta.issuer
    },
    fix: ({ sandbox, connector }) => [`(${connector.id}) → Connection → Issuer: ${sandbox.okta.issuer}`],
  },
  {
    what: 'an address for an issuer that is none',
    check: 'authorization-uri',
    arrange: ({ connector, sandbox }) => {
      connector.config.issuer = sandbox.logto.endpoint
    },
    fix: () => 'Issuer: the address of the company',
  },
]

const okta: Misconfiguration[] = [
  {
    what: 'an issuer that calls itself otherwise',
    check: 'okta-issuer',
    arrange: ({ connector, sandbox }) => {
      connector.config.issuer = sandbox.okta.issuer.replace('localhost', '127.0.0.1')
    },
    fix: ({ sandbox, connector }) => `(${connector.id}) → Connection → Issuer: ${sandbox.okta.issuer}`,
  },
  {
    what: 'a client ID nobody knows',
    check: 'okta-client',
    arrange: ({ connector }) => {
      connector.config.clientId = '0oaNobodyKnowsThis'
    },
    fix: () => ['→ Connection → Client ID', '0oaNobodyKnowsThis'],
  },
  {
    what: 'an application that is deactivated',
    check: 'okta-client',
    arrange: ({ oktaApp }) => {
      oktaApp.status = 'INACTIVE'
    },
    fix: ({ oktaApp }) => ['activate the application in Okta', oktaApp.credentials.oauthClient.client_id],
  },
  {
    what: 'an application that wants PKCE',
    check: 'okta-client',
    arrange: ({ oktaApp }) => {
      oktaApp.credentials.oauthClient.pkce_required = true
    },
    fix: ({ oktaApp }) => [
      '“Require PKCE as additional verification”',
      oktaApp.credentials.oauthClient.client_id,
    ],
  },
  {
    what: 'an application without the authorization code flow',
    check: 'okta-client',
    arrange: ({ oktaApp }) => {
      Object.assign(oktaApp.settings.oauthClient, {
        grant_types: ['client_credentials'],
        response_types: ['token'],
      })
    },
    fix: () => 'tick “Authorization Code”',
  },
  {
    what: 'another redirect URI',
    check: 'okta-redirect',
    arrange: (house) => {
      house.oktaApp.settings.oauthClient.redirect_uris = [`${house.connectorCallback}/`]
    },
    fix: ({ connectorCallback }) => `Sign-in redirect URIs: add ${connectorCallback}`,
  },
  {
    what: 'a scope that Okta does not know',
    check: 'okta-scopes',
    arrange: ({ connector }) => {
      connector.config.scope = 'openid profile email payroll'
    },
    fix: () => ['Scope: openid profile email (and no payroll)'],
  },
  {
    what: 'a wrong client secret',
    check: 'okta-secret',
    management: true,
    arrange: ({ connector }) => {
      connector.config.clientSecret = 'wrong-client-secret-0123456789'
    },
    fix: ({ oktaApp, connector }) => [
      oktaApp.credentials.oauthClient.client_id,
      `(${connector.id}) → Connection → Client Secret`,
    ],
  },
]

const around: Misconfiguration[] = [
  {
    what: 'half of the management credentials',
    check: 'settings',
    management: true,
    arrange: ({ ofTheDoctor }) => {
      ofTheDoctor.LOGTO_M2M_APP_SECRET = ''
    },
    fix: () => 'LOGTO_M2M_APP_SECRET: copy it from the machine-to-machine application',
  },
  {
    what: 'management credentials that are wrong',
    check: 'management',
    management: true,
    arrange: ({ ofTheDoctor }) => {
      ofTheDoctor.LOGTO_M2M_APP_SECRET = 'wrong-machine-secret-0123456789'
    },
    fix: () => ['LOGTO_M2M_APP_ID', 'LOGTO_M2M_APP_SECRET'],
  },
  {
    what: 'a machine-to-machine application without its role',
    check: 'management',
    management: true,
    arrange: ({ sandbox }) => {
      for (const application of sandbox.tenant.applications) application.isAdmin = false
    },
    fix: () => '“Logto Management API access”',
  },
  {
    what: 'LOGTO_OFFLINE_ACCESS=false at an application that gives no refresh tokens',
    check: 'refresh-token',
    management: true,
    arrange: ({ settings }) => {
      settings.LOGTO_OFFLINE_ACCESS = 'false'
    },
    fix: () => ['Always issue refresh token: switch it on', 'npm run provision'],
  },
  {
    what: 'no back-channel logout URI',
    check: 'back-channel-logout',
    management: true,
    arrange: ({ application }) => {
      delete application.oidcClientMetadata.backchannelLogoutUri
    },
    fix: ({ url }) => `Backchannel logout URI: ${url}/backchannel-logout`,
  },
  {
    what: 'no session ID in logout tokens',
    check: 'back-channel-logout',
    management: true,
    arrange: ({ application }) => {
      application.oidcClientMetadata.backchannelLogoutSessionRequired = false
    },
    fix: () => '“Is session required?”',
  },
  {
    what: 'no webhook',
    check: 'webhook',
    management: true,
    arrange: ({ sandbox }) => {
      sandbox.tenant.hooks.length = 0
    },
    fix: ({ url }) => ['Logto console → Webhooks', `${url}/webhooks/logto`],
  },
  {
    what: 'a webhook without one of its events',
    check: 'webhook',
    management: true,
    arrange: ({ hook }) => {
      hook.events = ['User.Deleted']
    },
    fix: ({ hook }) => [hook.id, 'tick User.SuspensionStatus.Updated'],
  },
  {
    what: 'a webhook that is disabled',
    check: 'webhook',
    management: true,
    arrange: ({ hook }) => {
      hook.enabled = false
    },
    fix: ({ hook }) => [hook.id, 'Reactivate webhook'],
  },
  {
    what: 'another signing key of the webhook',
    check: 'webhook',
    management: true,
    arrange: ({ ofTheDoctor }) => {
      ofTheDoctor.LOGTO_WEBHOOK_SIGNING_KEY = 'another-signing-key-0123456789'
    },
    fix: ({ hook }) => [hook.id, 'LOGTO_WEBHOOK_SIGNING_KEY'],
  },
  {
    what: 'no API resource',
    check: 'api-resource',
    management: true,
    arrange: ({ sandbox }) => {
      sandbox.tenant.apiResources.length = 1
    },
    fix: ({ sandbox }) => [
      'Logto console → API resources → Create API resource',
      `API identifier ${sandbox.apiResource}`,
      'read:notes',
    ],
  },
  {
    what: 'a slash too many at the identifier of the API resource',
    check: 'api-resource',
    management: true,
    arrange: ({ apiResource }) => {
      apiResource.indicator += '/'
    },
    fix: ({ sandbox }) => `Set API_RESOURCE to ${sandbox.apiResource}/ and restart the app`,
  },
  {
    what: 'an API resource without the permission',
    check: 'api-resource',
    management: true,
    arrange: ({ apiResource }) => {
      for (const scope of apiResource.scopes) scope.name = 'write:notes'
    },
    fix: ({ apiResource }) => [`(${apiResource.id}) → Permissions → Create permission: read:notes`],
  },
  {
    what: 'an organization of the company that nobody joins',
    check: 'organization',
    management: true,
    arrange: ({ settings, company, sandbox }) => {
      Object.assign(settings, company)
      for (const { jit } of sandbox.tenant.organizations) jit.ssoConnectorIds = []
    },
    fix: ({ connector, sandbox }) => [
      `Organizations → ${sandbox.tenant.organizations[0]?.id}`,
      `add the connector ${connector.id}`,
    ],
  },
  {
    what: 'somebody of the company who is no member of its organization',
    check: 'organization',
    management: true,
    arrange: ({ settings, company, sandbox, connector }) => {
      Object.assign(settings, company)
      const identity = {
        ...{
          id: 'identity',
          ssoConnectorId: connector.id,
          issuer: sandbox.okta.issuer,
          identityId: '00uEarly',
        },
        ...{ detail: { email: EMAIL }, createdAt: 1, updatedAt: 1 },
      }
      addUser(sandbox.tenant, { primaryEmail: EMAIL, ssoIdentities: [identity] })
    },
    fix: ({ sandbox }) =>
      `Organizations → ${sandbox.tenant.organizations[0]?.id} → Members → Add member: ${EMAIL}`,
  },
  {
    what: 'a proxy that takes cookies away',
    check: 'cookies',
    arrange: (house) => rewriteCookies(house, () => undefined),
    fix: ({ url }) => `BASE_URL=${url}`,
  },
  {
    what: 'a proxy that narrows the path of cookies',
    check: 'cookies',
    arrange: (house) => rewriteCookies(house, (cookie) => cookie.replace('Path=/', 'Path=/sign-in')),
    fix: ({ url }) => `BASE_URL=${url}`,
  },
]

/** What a proxy before the app makes of its cookies. */
export function rewriteCookies(house: House, rewrite: (cookie: string) => string | undefined): void {
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

/** Single faults, each of which is one check's own. */
export const misconfigurations = [
  ...settings,
  ...app,
  ...logto,
  ...application,
  ...connector,
  ...okta,
  ...around,
]
