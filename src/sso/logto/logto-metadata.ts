import type LogtoClient from '@logto/node'
import { z } from 'zod'
import { type Discovery, remembered } from './verify/issuer.ts'
import { asymmetricAlgorithms } from './verify/signature-algorithms.ts'

type OidcConfigResponse = Awaited<ReturnType<LogtoClient['getOidcConfig']>>

/** What Logto says of itself (OpenID Connect Discovery 1.0 §3), as far as it matters here. */
export type LogtoMetadata = OidcConfigResponse & {
  /** Whether every callback must carry `iss` (RFC 9207 §3). */
  issInCallback: boolean
  /** What its tokens may be signed with: of what it announces for ID tokens, the algorithms with a private key. */
  algorithms: string[]
}

/** Raised when the answer is there but is not Logto's. */
export class NotLogtoError extends Error {
  override readonly name = 'NotLogtoError'
}

/** An address to call or to lead people to, in the one spelling that every client reads alike. */
export const address = z
  .url({ protocol: /^https?$/, normalize: true })
  .max(2048)
  // RFC 6749 §3.1, §3.2: no fragment. And a name with a password in it is for nobody to know.
  .refine((value) => !/#|^\w+:\/\/[^/?]*@/.test(value))

const discoveryDocument = z
  .object({
    issuer: z.string().max(2048),
    authorization_endpoint: address,
    token_endpoint: address,
    userinfo_endpoint: address,
    revocation_endpoint: address,
    end_session_endpoint: address,
    jwks_uri: address,
    authorization_response_iss_parameter_supported: z.boolean().default(false),
    id_token_signing_alg_values_supported: z
      .array(z.unknown())
      .transform((names) => asymmetricAlgorithms.filter((algorithm) => names.includes(algorithm))),
  })
  .transform(
    (document): LogtoMetadata => ({
      issuer: document.issuer,
      authorizationEndpoint: document.authorization_endpoint,
      tokenEndpoint: document.token_endpoint,
      userinfoEndpoint: document.userinfo_endpoint,
      revocationEndpoint: document.revocation_endpoint,
      endSessionEndpoint: document.end_session_endpoint,
      jwksUri: document.jwks_uri,
      issInCallback: document.authorization_response_iss_parameter_supported,
      algorithms: document.id_token_signing_alg_values_supported,
    }),
  )

/** The name that a Logto at this address goes by in its tokens (`iss`), on a domain of one's own as well. */
export const issuerAt = (endpoint: string) => `${endpoint}/oidc`

/**
 * @param endpoint Logto's address
 * @param send `fetch` with a time limit
 * @returns what is known of Logto; both raise LogtoUnreachableError or NotLogtoError
 */
export const discoverLogto = (endpoint: string, send: typeof fetch): Discovery<LogtoMetadata> =>
  remembered(() => fetchMetadata(endpoint, send))

async function fetchMetadata(endpoint: string, send: typeof fetch): Promise<LogtoMetadata> {
  const url = `${issuerAt(endpoint)}/.well-known/openid-configuration`
  const response = await send(url, { headers: { accept: 'application/json' } })
  if (!response.ok) throw new NotLogtoError(`${url} answered ${response.status}`)
  const document = discoveryDocument.safeParse(await response.json().catch(() => undefined))
  if (!document.success) {
    throw new NotLogtoError(`${url} is not a discovery document: ${z.prettifyError(document.error)}`)
  }
  assertSafe(document.data, endpoint)
  return document.data
}

/** What must hold beyond the shape: the right issuer, no step back from https, and tokens that can be verified. */
function assertSafe({ algorithms, issuer, ...metadata }: LogtoMetadata, endpoint: string): void {
  // OpenID Connect Discovery 1.0 §4.3: to the letter, or it could pass another's tokens off as its own.
  if (issuer !== issuerAt(endpoint)) {
    throw new NotLogtoError(
      `LOGTO_ENDPOINT is ${endpoint}, but the Logto there calls itself ${issuer}. ` +
        `Set LOGTO_ENDPOINT=${issuer.replace(/\/oidc\/?$/, '')}, if that is your Logto; ` +
        `a self-hosted Logto needs ENDPOINT=${endpoint} in its own environment`,
    )
  }
  const addresses = Object.values(metadata).filter((value) => typeof value === 'string')
  if (endpoint.startsWith('https:') && !addresses.every((value) => value.startsWith('https:'))) {
    throw new NotLogtoError(`${endpoint} is on https, but names addresses that are not`)
  }
  if (algorithms.length === 0) {
    throw new NotLogtoError(`${endpoint} signs ID tokens with no algorithm that can be trusted`)
  }
}
