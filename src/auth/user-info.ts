import type { Request } from 'express'
import { LRUCache } from 'lru-cache'
import { AppError } from '../http/app-error.ts'
import { logOf } from '../http/request-log.ts'
import { storeFault } from '../sessions/session.ts'
import { type SeenSession, signedInSession } from '../sessions/session-data.ts'
import { askUserInfo, type Claims, isTokenRefusal } from './ask-user-info.ts'
import type { AuthContext } from './context.ts'
import { sessionEnded } from './not-signed-in.ts'
import { renewSession } from './renew-session.ts'
import { sessionsAway } from './sessions-away.ts'

/**
 * Asks Logto what it says of a signed-in person now, at its userinfo endpoint (OpenID Connect Core 1.0 §5.3). Where it
 * takes the access token no more, the session is renewed at once, which tells why (RFC 6750 §3.1).
 *
 * @returns a function that gives undefined, and writes a line to the log, where there is no answer in time or none that
 *   can be used; it raises AppError 401 where the renewal has shown that the session is over
 */
export function userInfos(context: AuthContext): (req: Request) => Promise<Claims | undefined> {
  const { config, logto } = context
  /** Sessions whose fresh token was refused as well: to renew once more would help no better. */
  const inVain = new LRUCache<string, true>({ max: 10_000, ttl: 60_000 })

  async function askOnceMore(req: Request, session: SeenSession, refusal: unknown): Promise<Claims> {
    await renewSession(req, context, session.logto.accessToken)
    const renewed = signedInSession(req)
    if (!renewed) throw storeFault(req) ? sessionsAway(storeFault(req)) : sessionEnded(config, req)
    if (renewed.tokensAt === session.tokensAt) throw refusal
    return askUserInfo(logto, renewed).catch((error) => {
      if (isTokenRefusal(error)) inVain.set(session.id, true)
      throw error
    })
  }

  return async (req) => {
    const session = signedInSession(req)
    if (!session) throw new Error('userinfo is asked for without requireSignIn')
    try {
      return await askUserInfo(logto, session).catch((error) => {
        if (!isTokenRefusal(error) || inVain.has(session.id)) throw error
        return askOnceMore(req, session, error)
      })
    } catch (error) {
      if (error instanceof AppError) throw error
      logOf(req).warn({ err: error }, 'userinfo was not read')
      return undefined
    }
  }
}
