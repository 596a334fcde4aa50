import { ASSIGNED, DOMAIN } from './company.ts'
import type { Application, SsoConnector, Tenant } from './logto/state.ts'
import type { OktaApp, Org } from './okta/state.ts'
import { logtoId, oktaId, secret } from './shared/random.ts'

export interface Wiring {
  appUrl: string
  logtoEndpoint: string
  oktaIssuer: string
}

/** Makes a blank tenant and a blank org fit the app and each other: what a person would do in the two consoles. */
export function wire(tenant: Tenant, org: Org, { appUrl, logtoEndpoint, oktaIssuer }: Wiring): Application {
  const connectorId = logtoId()
  const oktaApp = addOktaApp(org, `${logtoEndpoint}/callback/${connectorId}`, `${appUrl}/sign-in`)
  tenant.ssoConnectors.push(connectorTo(oktaApp, tenant.id, connectorId, oktaIssuer))
  tenant.signInExperience.singleSignOnEnabled = true

  const application: Application = {
    id: logtoId(21),
    name: 'Express app',
    secret: secret(32),
    description: null,
    type: 'Traditional',
    oidcClientMetadata: {
      redirectUris: [`${appUrl}/callback`],
      postLogoutRedirectUris: [`${appUrl}/`],
      backchannelLogoutUri: `${appUrl}/backchannel-logout`,
      backchannelLogoutSessionRequired: true,
    },
    customClientMetadata: {},
    isThirdParty: false,
    createdAt: Date.now(),
  }
  tenant.applications.push(application)
  return application
}

function addOktaApp(org: Org, redirectUri: string, signIn: string): OktaApp {
  const id = oktaId('0oa')
  const now = new Date().toISOString()
  const app: OktaApp = {
    id,
    name: 'oidc_client',
    label: 'Logto',
    status: 'ACTIVE',
    signOnMode: 'OPENID_CONNECT',
    created: now,
    lastUpdated: now,
    credentials: {
      oauthClient: {
        client_id: id,
        client_secret: secret(64),
        token_endpoint_auth_method: 'client_secret_basic',
      },
    },
    settings: {
      oauthClient: {
        application_type: 'web',
        redirect_uris: [redirectUri],
        post_logout_redirect_uris: [],
        response_types: ['code'],
        grant_types: ['authorization_code'],
        initiate_login_uri: signIn,
      },
    },
  }
  const assigned = org.users.filter(({ profile }) => profile.login === ASSIGNED).map((user) => user.id)
  org.apps.push(app)
  org.assignments.set(id, { users: new Set(assigned), groups: new Set() })
  return app
}

function connectorTo(app: OktaApp, tenantId: string, id: string, issuer: string): SsoConnector {
  const { client_id: clientId, client_secret: clientSecret } = app.credentials.oauthClient
  return {
    tenantId,
    id,
    providerName: 'Okta',
    connectorName: 'Okta Acme',
    config: { issuer, clientId, clientSecret, scope: 'openid profile email', trustUnverifiedEmail: false },
    domains: [DOMAIN],
    branding: {},
    syncProfile: false,
    enableTokenStorage: false,
    createdAt: Date.now(),
  }
}
