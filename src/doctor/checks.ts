import type { Check } from './check.ts'
import { app } from './checks/app/app.ts'
import { clock } from './checks/app/clock.ts'
import { cookies } from './checks/app/cookies.ts'
import { reachBack } from './checks/app/reach-back.ts'
import { sessionStore } from './checks/app/session-store.ts'
import { settings } from './checks/app/settings.ts'
import { apiResource } from './checks/application/api-resource.ts'
import { appId } from './checks/application/app-id.ts'
import { appSecret } from './checks/application/app-secret.ts'
import { backChannelLogout } from './checks/application/back-channel-logout.ts'
import { postLogoutUri } from './checks/application/post-logout-uri.ts'
import { redirectUri } from './checks/application/redirect-uri.ts'
import { refreshToken } from './checks/application/refresh-token.ts'
import { webhook } from './checks/application/webhook.ts'
import { connector } from './checks/logto/connector.ts'
import { emailDomain } from './checks/logto/email-domain.ts'
import { emailTrust } from './checks/logto/email-trust.ts'
import { foreignIdentities } from './checks/logto/foreign-identities.ts'
import { idTokenClaims } from './checks/logto/id-token-claims.ts'
import { logtoDiscovery } from './checks/logto/logto-discovery.ts'
import { logtoEndpoint } from './checks/logto/logto-endpoint.ts'
import { managementCheck } from './checks/logto/management.ts'
import { organization } from './checks/logto/organization.ts'
import { signInMode } from './checks/logto/sign-in-mode.ts'
import { ssoConnectors } from './checks/logto/sso-connectors.ts'
import { ssoSwitch } from './checks/logto/sso-switch.ts'
import { authorizationUri } from './checks/okta/authorization-uri.ts'
import { eventHook } from './checks/okta/event-hook.ts'
import { hookAddress } from './checks/okta/hook-address.ts'
import { oktaClient } from './checks/okta/okta-client.ts'
import { oktaIssuer } from './checks/okta/okta-issuer.ts'
import { oktaRedirect } from './checks/okta/okta-redirect.ts'
import { oktaScopes } from './checks/okta/okta-scopes.ts'
import { oktaSecret } from './checks/okta/okta-secret.ts'
import { universalLogout } from './checks/okta/universal-logout.ts'
import { personAccount } from './checks/person/account.ts'
import { personAssignment } from './checks/person/assignment.ts'
import { personAtOktaCheck } from './checks/person/at-okta.ts'
import { personCompany } from './checks/person/company.ts'
import { personIdentity } from './checks/person/identity.ts'
import { samlCertificate } from './checks/saml/certificate.ts'
import { samlMetadata } from './checks/saml/metadata.ts'
import { samlRequest } from './checks/saml/request.ts'

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
  emailTrust,
  samlMetadata,
  samlCertificate,
  samlRequest,
  sessionStore,
  reachBack,
  refreshToken,
  backChannelLogout,
  webhook,
  idTokenClaims,
  foreignIdentities,
  organization,
  eventHook,
  hookAddress,
  universalLogout,
  apiResource,
  cookies,
]

/** The way of one person, behind the chain: through their company's Okta to their account at Logto. */
export const checksOfPerson: readonly Check[] = [
  personCompany,
  personAtOktaCheck,
  personAssignment,
  personAccount,
  personIdentity,
]
