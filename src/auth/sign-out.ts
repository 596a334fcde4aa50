import type { RequestHandler } from 'express'
import { AppError, type ErrorAction } from '../http/app-error.ts'
import { isForeignNavigation, isForeignPost } from '../http/request-source.ts'
import { seeOther } from '../http/see-other.ts'
import { endSession } from '../sessions/session.ts'
import type { AuthContext } from './context.ts'
import { unavailable } from './logto-fault.ts'
import { sessionsAway } from './sessions-away.ts'
import { visitorOf } from './signed-in.ts'
import { SignedOutNotice } from './signed-out.ts'

/**
 * `GET` and `POST /sign-out`: ends the session here, revokes its refresh token, and sends the browser on to end
 * Logto's session too (OpenID Connect RP-Initiated Logout 1.0 §2), from where it comes back home.
 *
 * @param confirm what to show instead when another site sent the browser here
 */
export function signOut(
  { config, logto }: Pick<AuthContext, 'config' | 'logto'>,
  confirm: RequestHandler,
): RequestHandler {
  const home = `${config.baseUrl}/`
  const { origin } = new URL(home)
  const notice = new SignedOutNotice(config)
  const again: ErrorAction = { href: `${config.baseUrl}/sign-out`, label: 'try_again' }
  return async (req, res, next) => {
    if (req.method === 'POST' && isForeignPost(req, origin)) {
      throw new AppError({
        status: 403,
        code: 'foreign_origin',
      })
    }
    if (req.method === 'GET' && isForeignNavigation(req, origin)) {
      await confirm(req, res, next)
      return
    }

    // First of all, since it must neither wait for Logto nor fail with it.
    const visitor = visitorOf(req)
    await endSession(req, res, config).catch((error) => {
      // The browser has no cookie any more: the next try goes on to Logto, whose back-channel logout ends the row.
      throw sessionsAway(error, again)
    })
    const client = logto.clientFor({ holder: {} }) // the tokens are revoked by the session's end
    try {
      await client.signOut(home)
    } catch (error) {
      throw unavailable(error, {
        words: 'sign_out_unavailable',
        action: again,
      })
    }
    notice.leave(res, visitor)
    seeOther(res, client.takeDestination())
  }
}
