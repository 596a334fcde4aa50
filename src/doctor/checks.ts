import type { Check } from './check.ts'
import { apiResource } from './checks/api-resource.ts'
import { app } from './checks/app.ts'
import { appId } from './checks/app-id.ts'
import { appSecret } from './checks/app-secret.ts'
import { authorizationUri } from './checks/authorization-uri.ts'
import { backChannelLogout } from './checks/back-channel-logout.ts'
import { clock } from './checks/clock.ts'
import { connector } from './checks/connector.ts'
import { cookies } from './checks/cookies.ts'
import { emailDomain } from './checks/email-domain.ts'
import { logtoDiscovery } from './checks/logto-discovery.ts'
import { logtoEndpoint } from './checks/logto-endpoint.ts'
import { managementCheck } from './checks/management.ts'
import { oktaClient } from './checks/okta-client.ts'
import { oktaIssuer } from './checks/okta-issuer.ts'
import { oktaRedirect } from './checks/okta-redirect.ts'
import { oktaScopes } from './checks/okta-scopes.ts'
import { oktaSecret } from './checks/okta-secret.ts'
import { postLogoutUri } from './checks/post-logout-uri.ts'
import { reachBack } from './checks/reach-back.ts'
import { redirectUri } from './checks/redirect-uri.ts'
import { sessionStore } from './checks/session-store.ts'
import { settings } from './checks/settings.ts'
import { signInMode } from './checks/sign-in-mode.ts'
import { ssoConnectors } from './checks/sso-connectors.ts'
import { ssoSwitch } from './checks/sso-switch.ts'
import { webhook } from './checks/webhook.ts'

/** The chain, link by link: from the app to Logto, through its application and its connector to Okta, and back. */
export const checks: readonly Check[] = [
  settings,
  app,
  logtoEndpoint,
  logtoDiscovery,
  clock,
  managementCheck,
  appId,
  appSecret,
  redirectUri,
  postLogoutUri,
  ssoSwitch,
  signInMode,
  connector,
  emailDomain,
  ssoConnectors,
  authorizationUri,
  oktaIssuer,
  oktaClient,
  oktaRedirect,
  oktaScopes,
  oktaSecret,
  sessionStore,
  reachBack,
  backChannelLogout,
  webhook,
  apiResource,
  cookies,
]
