import type { RequestHandler } from 'express'
import type { AuthContext } from '../context.ts'
import { AppError, type ErrorAction } from '../http/app-error.ts'
import { isForeignNavigation, isForeignPost } from '../http/request/request-source.ts'
import { endSession } from '../session/session.ts'
import { sessionsAway } from '../session/store-unavailable.ts'
import { visitorOf } from '../session/visitor.ts'
import { endAtLogto } from './end-at-logto.ts'

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
  const onward = endAtLogto({ config, logto })
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
    await onward(res, visitor)
  }
}
