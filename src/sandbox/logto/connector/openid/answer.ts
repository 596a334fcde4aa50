import { createLocalJWKSet, decodeJwt, errors, type JSONWebKeySet, jwtVerify } from 'jose'
import { z } from 'zod'
import type { SsoAttempt } from '../attempt.ts'
import type { OpenIdConnector } from '../connectors.ts'
import { ConnectorFault, isUnreachable } from '../fault.ts'
import { type DiscoveryDocument, IssuerFault, readIssuer } from './issuer.ts'

const TIMEOUT_MS = 5000

/** Claims as Logto takes them; whatever else a provider tells is kept. */
const Claims = z.looseObject({
  sub: z.string().min(1),
  name: z.string().nullish(),
  picture: z.string().nullish(),
  email: z.string().nullish(),
  email_verified: z.boolean().nullish(),
})

export type Claims = z.output<typeof Claims>

const GAP = '{tenantid}'

const Tokens = z.object({ id_token: z.string(), access_token: z.string() })
const OAuthError = z.object({ error: z.string() })

/** Read anew each time, so that a changed connector or a restarted identity provider counts at once. */
export const documentOf = ({ config }: OpenIdConnector): Promise<DiscoveryDocument> =>
  readIssuer(config.issuer).catch((fault: unknown) => {
    if (!(fault instanceof IssuerFault)) throw fault
    throw new ConnectorFault(isUnreachable(fault.cause) ? 'unreachable' : 'unverifiable', '', {
      cause: fault,
    })
  })

/**
 * Exchanges the code, verifies the ID token and reads userinfo. Checks `iss` (RFC 9207), the ID token's signature,
 * `iss`, `aud`, `exp` and nonce (OpenID Connect Core §3.1.3.7), and that userinfo is of the same `sub` (§5.3.2). The
 * issuer is the one its own discovery document names.
 *
 * @returns the claims of both
 * @throws ConnectorFault on any of these, and when the identity provider refuses or does not answer in time
 */
export async function claimsFrom(
  connector: OpenIdConnector,
  attempt: SsoAttempt,
  answer: URLSearchParams,
): Promise<{ idToken: Claims; userInfo: Claims }> {
  const document = await documentOf(connector)
  requireIssuer(document, answer)
  const error = answer.get('error')
  if (error) throw new ConnectorFault('answered', answer.get('error_description') ?? error)
  const { id_token, access_token } = await exchange(connector, document, attempt, answer.get('code'))
  const idToken = await verified(connector, document, attempt, id_token)
  const userInfo = await readUserInfo(document, access_token)
  if (userInfo.sub !== idToken.sub) throw new ConnectorFault('unverifiable')
  return { idToken, userInfo }
}

/** Of a provider that says so of itself, every answer names the issuer; one that names another is not for us. */
function requireIssuer(document: DiscoveryDocument, answer: URLSearchParams): void {
  const iss = answer.get('iss')
  const isNamed = document.authorization_response_iss_parameter_supported === true
  if (iss === null ? isNamed : iss !== document.issuer) throw new ConnectorFault('unverifiable')
}

async function exchange(
  { config: { clientId, clientSecret } }: OpenIdConnector,
  { token_endpoint }: DiscoveryDocument,
  { redirectUri }: SsoAttempt,
  code: string | null,
): Promise<z.output<typeof Tokens>> {
  if (!code) throw new ConnectorFault('unverifiable')
  const response = await ask(token_endpoint, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` },
    body: new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: redirectUri }),
  })
  const body = await jsonOf(response)
  if (response.ok) return parsed(Tokens, body)
  const { data } = OAuthError.safeParse(body)
  throw data ? new ConnectorFault('refused', data.error) : new ConnectorFault('unverifiable')
}

async function verified(
  connector: OpenIdConnector,
  document: DiscoveryDocument,
  { nonce }: SsoAttempt,
  idToken: string,
): Promise<Claims> {
  const keys = (await jsonOf(await ask(document.jwks_uri))) as JSONWebKeySet
  try {
    const { payload } = await jwtVerify(idToken, createLocalJWKSet(keys), {
      issuer: issuerOf(connector, document, idToken),
      audience: connector.config.clientId,
      requiredClaims: ['sub', 'exp', 'iat'],
    })
    if (payload.nonce !== nonce) throw new ConnectorFault('unverifiable')
    return parsed(Claims, payload)
  } catch (cause) {
    throw cause instanceof errors.JOSEError ? new ConnectorFault('unverifiable', '', { cause }) : cause
  }
}

/**
 * The issuer that the ID token has to name. Entra's documents that are no single tenant's have a gap in it, for the
 * tenant that the token itself names (learn.microsoft.com, “Access tokens”, on the issuer of signing keys): whoever has
 * any Entra tenant comes in by such a connector.
 */
function issuerOf({ providerName }: OpenIdConnector, { issuer }: DiscoveryDocument, idToken: string): string {
  const { tid } = providerName === 'AzureAdOidc' ? decodeJwt(idToken) : {}
  if (typeof tid === 'string') return issuer.replace(GAP, tid)
  // Logto would take a token that names the gap itself.
  if (providerName === 'AzureAdOidc' && issuer.includes(GAP)) throw new ConnectorFault('unverifiable')
  return issuer
}

async function readUserInfo(document: DiscoveryDocument, accessToken: string): Promise<Claims> {
  const response = await ask(document.userinfo_endpoint, {
    headers: { authorization: `Bearer ${accessToken}` },
  })
  if (response.ok) return parsed(Claims, await jsonOf(response))
  // The challenge tells why (RFC 6750 §3).
  const challenge = response.headers.get('www-authenticate')
  if (challenge === null) throw new ConnectorFault('unverifiable')
  throw new ConnectorFault('refused', /error="([^"]*)"/.exec(challenge)?.[1] ?? String(response.status))
}

async function ask(url: string, init: RequestInit = {}): Promise<Response> {
  try {
    return await fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) })
  } catch (cause) {
    throw isUnreachable(cause) ? new ConnectorFault('unreachable', '', { cause }) : cause
  }
}

const jsonOf = (response: Response): Promise<unknown> =>
  response.json().catch((cause: unknown) => {
    throw new ConnectorFault('unverifiable', '', { cause })
  })

function parsed<T>(schema: z.ZodType<T>, body: unknown): T {
  const { data, error } = schema.safeParse(body)
  if (error) throw new ConnectorFault('unverifiable', '', { cause: error })
  return data
}
