import type LogtoClient from '@logto/node'
import { z } from 'zod'

type OidcConfigResponse = Awaited<ReturnType<LogtoClient['getOidcConfig']>>

/** What Logto says of itself (OpenID Connect Discovery 1.0 §3), as far as it matters here. */
export type LogtoMetadata = OidcConfigResponse & {
  /** Whether every callback must carry `iss` (RFC 9207 §3). */
  issInCallback: boolean
  /** What ID tokens may be signed with: of what Logto announces, the algorithms with a private key. */
  idTokenAlgorithms: string[]
}

/** Raised when the answer is there but is not Logto's. */
export class NotLogtoError extends Error {
  override readonly name = 'NotLogtoError'
}

const address = z.url({ protocol: /^https?$/ })

const discoveryDocument = z
  .object({
    issuer: address,
    authorization_endpoint: address,
    token_endpoint: address,
    userinfo_endpoint: address,
    revocation_endpoint: address,
    end_session_endpoint: address,
    jwks_uri: address,
    authorization_response_iss_parameter_supported: z.boolean().default(false),
    id_token_signing_alg_values_supported: z
      .array(z.string())
      .transform((names) => names.filter(isAsymmetric)),
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
      idTokenAlgorithms: document.id_token_signing_alg_values_supported,
    }),
  )

/** An unsigned token, or one signed with a secret that others hold too, proves nothing (RFC 8725 §3.1, §3.2). */
function isAsymmetric(algorithm: string): boolean {
  return /^(ES|RS|PS)(256|384|512)$|^EdDSA$|^Ed25519$/.test(algorithm)
}

/** How long one answer is believed, in milliseconds. */
const lifetime = 5 * 60_000

/**
 * Asks Logto for its metadata, at most once at a time and once in five minutes. Everybody who asks while a call is
 * under way shares its outcome, so that no one waits for more than one time limit; a failure is not kept.
 *
 * @param endpoint Logto's address
 * @param send `fetch` with a time limit
 * @returns a function that gives the metadata, or raises LogtoUnreachableError or NotLogtoError
 */
export function discoverLogto(endpoint: string, send: typeof fetch): () => Promise<LogtoMetadata> {
  let known: { metadata: Promise<LogtoMetadata>; until: number } | undefined
  return () => {
    if (known && Date.now() < known.until) return known.metadata
    const metadata = fetchMetadata(endpoint, send)
    const asked = { metadata, until: Date.now() + lifetime }
    known = asked
    metadata.catch(() => {
      if (known === asked) known = undefined
    })
    return metadata
  }
}

async function fetchMetadata(endpoint: string, send: typeof fetch): Promise<LogtoMetadata> {
  const url = `${endpoint}/oidc/.well-known/openid-configuration`
  const response = await send(url, { headers: { accept: 'application/json' } })
  if (!response.ok) throw new NotLogtoError(`${url} answered ${response.status}`)
  const document = discoveryDocument.safeParse(await response.json().catch(() => undefined))
  if (!document.success) {
    throw new NotLogtoError(`${url} is not a discovery document: ${z.prettifyError(document.error)}`)
  }
  assertSafe(document.data, endpoint)
  return document.data
}

/** What must hold beyond the shape: no step back from https, and tokens that can be verified. */
function assertSafe(metadata: LogtoMetadata, endpoint: string): void {
  const addresses = Object.values(metadata).filter((value) => typeof value === 'string')
  if (endpoint.startsWith('https:') && !addresses.every((value) => value.startsWith('https:'))) {
    throw new NotLogtoError(`${endpoint} is on https, but names addresses that are not`)
  }
  if (metadata.idTokenAlgorithms.length === 0) {
    throw new NotLogtoError(`${endpoint} signs ID tokens with no algorithm that can be trusted`)
  }
}
