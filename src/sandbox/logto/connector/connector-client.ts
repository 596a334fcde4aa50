import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientSecretBasic,
  Configuration,
  fetchUserInfo,
  type ServerMetadata,
} from 'openid-client'
import { logtoId } from '../../shared/random.ts'
import { camelCase } from '../state/camel-case.ts'
import { asConnectorFault } from './connector-fault.ts'
import { readIssuer } from './connector-issuer.ts'
import { scopeOf } from './connector-settings.ts'
import type { CompleteConnector } from './connectors.ts'

const TIMEOUT_SECONDS = 5

/** What has to be remembered between sending somebody to the identity provider and seeing them again. */
export interface SsoAttempt {
  interactionUid: string
  connectorId: string
  state: string
  nonce: string
  redirectUri: string
}

/** A person as the identity provider vouches for them. */
export interface SsoProfile {
  issuer: string
  identityId: string
  name: string | null
  avatar: string | null
  email: string | null
  detail: Record<string, unknown>
}

/**
 * The address to send the browser to: the parameters Logto's connector sends, and no others (no PKCE among them).
 *
 * @throws ConnectorFault when the issuer does not answer as one within the time limit
 */
export async function authorizationUrl(connector: CompleteConnector, attempt: SsoAttempt): Promise<string> {
  const configuration = await asConnectorFault(() => configurationOf(connector))
  const url = buildAuthorizationUrl(configuration, {
    state: attempt.state,
    nonce: attempt.nonce,
    client_id: connector.config.clientId,
    response_type: 'code',
    redirect_uri: attempt.redirectUri,
    scope: scopeOf(connector.config),
  })
  return url.href
}

/**
 * Exchanges the code and reads the profile. Checks state, `iss` (RFC 9207), the ID token's signature, `iss`, `aud`,
 * `exp` and nonce (OpenID Connect Core §3.1.3.7), and that userinfo is of the same `sub` (§5.3.2). The issuer is the
 * one its own discovery document names.
 *
 * @throws ConnectorFault on any of these, and when the identity provider refuses or does not answer in time
 */
export async function profileFrom(
  connector: CompleteConnector,
  attempt: SsoAttempt,
  answer: URLSearchParams,
): Promise<SsoProfile> {
  const {
    sub,
    name,
    picture,
    email,
    email_verified: verified,
    ...rest
  } = await asConnectorFault(() => userInfo(connector, attempt, answer))
  // Nobody vouches for an address without the claim; the connector can be told to believe it all the same.
  const trusted = verified === true || (verified === undefined && connector.config.trustUnverifiedEmail)
  const trustedEmail = email && trusted ? email : null
  return {
    issuer: connector.config.issuer,
    identityId: sub,
    name: name ?? null,
    avatar: picture ?? null,
    email: trustedEmail,
    detail: {
      id: sub,
      ...(name && { name }),
      ...(picture && { avatar: picture }),
      ...(trustedEmail && { email: trustedEmail }),
      ...Object.fromEntries(Object.entries(rest).map(([claim, value]) => [camelCase(claim), value])),
    },
  }
}

async function userInfo(connector: CompleteConnector, attempt: SsoAttempt, answer: URLSearchParams) {
  const configuration = await configurationOf(connector)
  const tokens = await authorizationCodeGrant(configuration, new URL(`${attempt.redirectUri}?${answer}`), {
    expectedState: attempt.state,
    expectedNonce: attempt.nonce,
    idTokenExpected: true,
  })
  return fetchUserInfo(configuration, tokens.access_token, tokens.claims()?.sub ?? '')
}

export const newNonce = (): string => logtoId(21)

/** Read anew each time, so that a changed connector or a restarted identity provider counts at once. */
async function configurationOf({ config }: CompleteConnector): Promise<Configuration> {
  const document = await readIssuer(config.issuer)
  const authentication = ClientSecretBasic(config.clientSecret)
  const metadata = document as ServerMetadata
  const configuration = new Configuration(metadata, config.clientId, undefined, authentication)
  configuration.timeout = TIMEOUT_SECONDS
  // The sandbox's identity provider is on loopback, where there is no TLS.
  allowInsecureRequests(configuration)
  return configuration
}
