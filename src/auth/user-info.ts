import type { Request } from 'express'
import { logOf } from '../http/request-log.ts'
import type { SignedIn } from '../sessions/session-data.ts'
import type { Logto } from './logto-client.ts'

/** Claims as they came, by name. */
export type Claims = Record<string, unknown>

/**
 * What Logto says of a signed-in person now, at its userinfo endpoint (OpenID Connect Core 1.0 §5.3).
 *
 * @param session whose access token is used; nothing is refreshed, since that is `keepFresh`'s alone
 * @returns undefined, and a line in the log, where there is no answer in time or none that can be used
 */
export async function userInfo(
  req: Request,
  logto: Logto,
  { logto: tokens, sub }: Pick<SignedIn, 'logto' | 'sub'>,
): Promise<Claims | undefined> {
  const { refreshToken: _, ...usable } = tokens
  try {
    const claims = await logto.clientFor({ holder: { logto: usable } }).fetchUserInfo()
    // §5.3.2: else these are somebody else's.
    if (claims.sub !== sub) throw new Error('userinfo is about another person')
    return claims
  } catch (error) {
    logOf(req).warn({ err: error }, 'userinfo was not read')
    return undefined
  }
}
