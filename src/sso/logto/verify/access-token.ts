import { organizationUrnPrefix } from '@logto/express'
import { type JWTPayload, type JWTVerifyResult, jwtVerify } from 'jose'
import { check, tokenFault } from '../token-fault.ts'
import { type AccessToken, clockTolerance, isIdentifier, isTyped } from './id-token.ts'
import type { IssuerKeys } from './issuer.ts'
import { asymmetricAlgorithms } from './signature-algorithms.ts'

/**
 * Verifies JWT access tokens by RFC 9068 §4: signature by one of Logto's keys and an algorithm Logto announced, `typ`,
 * `iss`, `aud`, `exp`. For one audience only: with two, the scopes of one could be used at the other.
 *
 * @param options.issuer Logto's name in its tokens
 * @param options.resource the API's identifier in Logto
 * @param options.keys Logto's
 * @returns a function that raises TokenError for a bad token, and what keeps it from being verified
 */
export function accessTokenVerifier({
  issuer,
  resource,
  keys,
}: {
  issuer: string
  resource: string
  keys: IssuerKeys
}): (token: string) => Promise<AccessToken> {
  return async (token) => {
    const verified = await jwtVerify(token, keys.ofTokensFromAnybody, {
      issuer,
      algorithms: asymmetricAlgorithms,
      clockTolerance,
      requiredClaims: ['sub', 'aud', 'exp', 'iat', 'client_id'],
    }).catch((error) => {
      throw tokenFault(error)
    })
    return read(verified, resource)
  }
}

function read({ payload, protectedHeader }: JWTVerifyResult, resource: string): AccessToken {
  const { sub, client_id: clientId, scope = '' } = payload
  check('typ', isTyped(protectedHeader, 'at+jwt'))
  // An ID token has none, and opens no API.
  check('client_id', isIdentifier(clientId))
  check('sub', isIdentifier(sub))
  // Bound to a key, it is no bearer token (RFC 7800 §3.1, RFC 9449 §7.2).
  check('cnf', payload.cnf === undefined)
  check('scope', typeof scope === 'string')
  return { sub, clientId, scopes: scope.split(' ').filter(Boolean), ...madeFor(payload, resource) }
}

/** Logto: an API's token names an organization in a claim, one for the organization itself in its audience. */
function madeFor(
  { aud, organization_id: organizationId }: JWTPayload,
  resource: string,
): Pick<AccessToken, 'audience' | 'organizationId'> {
  // RFC 7519 §4.1.3: one audience may be written as a list of one.
  const [audience, ...others] = [aud].flat()
  check('aud', isIdentifier(audience) && others.length === 0)
  if (audience === resource) {
    check('organization_id', organizationId === undefined || isIdentifier(organizationId))
    return { audience: 'api', organizationId }
  }
  check('aud', audience.startsWith(organizationUrnPrefix) && audience !== organizationUrnPrefix)
  return { audience: 'organization', organizationId: audience.slice(organizationUrnPrefix.length) }
}
