import { organizationUrnPrefix } from '@logto/express'
import { type JWTPayload, type JWTVerifyResult, jwtVerify } from 'jose'
import { clockTolerance } from './id-token-verifier.ts'
import type { LogtoKeys } from './logto-keys.ts'
import type { LogtoMetadata } from './logto-metadata.ts'
import { tokenFault } from './token-fault.ts'

/** Raised for a token that opens nothing here. Its message says which part is at fault, and nothing of the token. */
export class AccessTokenError extends Error {
  override readonly name = 'AccessTokenError'
  /** `form`, `signature`, or the name of a header parameter or claim. */
  readonly part: string

  constructor(part: string, cause?: unknown) {
    super(`the access token is refused: ${part}`, { cause })
    this.part = part
  }
}

/** What a verified access token says. */
export interface AccessToken {
  /** The person; the application itself where it acts for nobody. */
  sub: string
  clientId: string
  scopes: readonly string[]
  /** What it is for: an API resource, or an organization itself. */
  audience: 'api' | 'organization'
  organizationId: string | undefined
}

/**
 * Verifies JWT access tokens by RFC 9068 §4: signature by one of Logto's keys and an algorithm Logto announced, `typ`
 * where there is one, `iss`, `aud`, `exp`. For one audience only: with two, the scopes of one could be used at the
 * other.
 *
 * @param options.resource the API's identifier in Logto
 * @param options.metadata Logto's metadata
 * @param options.keysAt Logto's keys at an address
 * @returns a function that raises AccessTokenError for a bad token, and what `metadata` and `keysAt` raise
 */
export function accessTokenVerifier({
  resource,
  metadata,
  keysAt,
}: {
  resource: string
  metadata: () => Promise<LogtoMetadata>
  keysAt: (uri: string) => LogtoKeys
}): (token: string) => Promise<AccessToken> {
  return async (token) => {
    const { issuer, jwksUri, idTokenAlgorithms } = await metadata()
    const verified = await jwtVerify(token, keysAt(jwksUri).ofTokensFromAnybody, {
      issuer,
      algorithms: idTokenAlgorithms,
      clockTolerance,
      requiredClaims: ['sub', 'aud', 'exp', 'iat', 'client_id'],
    }).catch((error) => {
      throw tokenFault(error, (part) => new AccessTokenError(part, error))
    })
    return read(verified, resource)
  }
}

function read({ payload, protectedHeader }: JWTVerifyResult, resource: string): AccessToken {
  const { sub, client_id: clientId } = payload
  // §2.1: `at+jwt`, with or without `application/`. A token typed as anything else is that (RFC 8725 §3.11).
  check('typ', protectedHeader.typ === undefined || /^(application\/)?at\+jwt$/i.test(protectedHeader.typ))
  // An ID token has none, and opens no API.
  check('client_id', isText(clientId))
  check('sub', isText(sub))
  // Bound to a key, it is no bearer token (RFC 7800 §3.1, RFC 9449 §7.2).
  check('cnf', payload.cnf === undefined)
  check('scope', payload.scope === undefined || typeof payload.scope === 'string')
  const scopes = typeof payload.scope === 'string' ? payload.scope.split(' ').filter(Boolean) : []
  return { sub, clientId, scopes, ...madeFor(payload, resource) }
}

/** Logto: an API's token names an organization in a claim, one for the organization itself in its audience. */
function madeFor(
  { aud, organization_id: named }: JWTPayload,
  resource: string,
): Pick<AccessToken, 'audience' | 'organizationId'> {
  if (aud === resource) {
    check('organization_id', named === undefined || isText(named))
    return { audience: 'api', organizationId: named }
  }
  check('aud', isText(aud) && aud.startsWith(organizationUrnPrefix) && aud !== organizationUrnPrefix)
  return { audience: 'organization', organizationId: aud.slice(organizationUrnPrefix.length) }
}

function check(part: string, holds: boolean): asserts holds {
  if (!holds) throw new AccessTokenError(part)
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''
