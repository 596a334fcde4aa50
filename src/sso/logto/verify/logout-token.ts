import { type JWTVerifyResult, jwtVerify } from 'jose'
import { check, TokenError, tokenFault } from '../token-fault.ts'
import { clockTolerance, isIdentifier, isTyped } from './id-token.ts'
import type { IssuerKeys } from './issuer.ts'
import { asymmetricAlgorithms } from './signature-algorithms.ts'

/** Seconds a logout token may be old. Logto sends it at once. */
const maximumAge = 300

const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout'

/** What a verified logout token asks for: the end of one session at Logto, or of all of a person's. */
export type LogoutToken = {
  /** The token's own name. */
  jti: string
  /** Until when the same token would be taken again, in milliseconds since 1970. */
  goodUntil: number
} & ({ sid: string; sub: string | undefined } | { sid: undefined; sub: string })

/**
 * Verifies logout tokens by OpenID Connect Back-Channel Logout 1.0 §2.6, all but the steps that take a memory of
 * tokens and sessions (8 to 11).
 *
 * @param options.issuer Logto's name in its tokens
 * @param options.appId the audience, beside others
 * @param options.keys Logto's
 * @returns a function that raises TokenError for a bad token, and what keeps it from being verified
 */
export function logoutTokenVerifier({
  issuer,
  appId,
  keys,
}: {
  issuer: string
  appId: string
  keys: IssuerKeys
}): (token: string) => Promise<LogoutToken> {
  return async (token) => {
    // Step 1: no encryption was agreed with Logto, and an encrypted token is not a signed one to `jwtVerify`.
    // Steps 2 and 3: signature and `alg` as with ID tokens; `none` is never among the algorithms.
    // Step 4: `iss`, `aud`, `iat` and `exp` as with ID tokens.
    const verified = await jwtVerify(token, keys.ofTokensFromAnybody, {
      issuer,
      audience: appId,
      algorithms: asymmetricAlgorithms,
      clockTolerance,
      maxTokenAge: maximumAge,
      requiredClaims: ['iat', 'exp'],
    }).catch((error) => {
      throw tokenFault(error)
    })
    return read(verified)
  }
}

function read({ payload, protectedHeader }: JWTVerifyResult<Record<string, unknown>>): LogoutToken {
  const { jti, sub, sid, events, iat = 0, exp = 0 } = payload
  // §2.4: `jti` is required. Step 8 needs it.
  check('jti', isIdentifier(jti))
  // Step 5: `sub`, `sid`, or both.
  check('sub', sub === undefined || isIdentifier(sub))
  check('sid', sid === undefined || isIdentifier(sid))
  // Step 6: `events` is an object with this member, which is an object too (§2.4).
  check('events', isObject(events) && isObject(events[logoutEvent]))
  // Step 7: with a `nonce` it could be meant to pass for an ID token.
  check('nonce', !('nonce' in payload))
  // §2.4 recommends the type, and Logto writes it. Without it any other token could be meant (RFC 8725 §3.11).
  check('typ', isTyped(protectedHeader, 'logout+jwt'))

  // Checked to the second: one more, for the part of a second that this leaves out.
  const goodUntil = (Math.min(exp, iat + maximumAge) + clockTolerance + 1) * 1000
  if (sid !== undefined) return { jti, sid, sub, goodUntil }
  if (sub !== undefined) return { jti, sid, sub, goodUntil }
  throw new TokenError('sid_or_sub')
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
