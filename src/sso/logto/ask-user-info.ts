import { LogtoRequestError } from '@logto/express'
import type { Logto } from './logto-client.ts'
import type { SessionTokens } from './session-tokens.ts'
import { type Claims, typedClaims } from './verify/id-token.ts'

/**
 * What Logto says of a signed-in person now, at its userinfo endpoint (OpenID Connect Core 1.0 §5.3).
 *
 * @throws where there is no answer in time, or none that can be used
 */
export async function askUserInfo(
  logto: Logto,
  { logto: tokens, claims: { sub } }: { logto: SessionTokens; claims: Pick<Claims, 'sub'> },
): Promise<Claims> {
  // Nothing is refreshed by the way: `renew` alone may do that.
  const { refreshToken: _, ...usable } = tokens
  const claims = await logto.clientFor({ holder: { logto: usable } }).fetchUserInfo()
  // §5.3.2: else these are somebody else's.
  if (claims.sub !== sub) throw new Error('userinfo is about another person')
  return typedClaims(claims)
}

/** Logto says so in its body, other servers in the challenge alone (RFC 6750 §3). */
export function isTokenRefusal(error: unknown): boolean {
  if (!(error instanceof LogtoRequestError) || !(error.cause instanceof Response)) return false
  const { status, headers } = error.cause
  const challenge = headers.get('www-authenticate') ?? ''
  return status === 401 && (/(^|\.)invalid_token$/.test(error.code) || /\binvalid_token\b/.test(challenge))
}
