import type { RequestHandler } from 'express'
import type { AuthContext } from '../context.ts'
import { signedInSession } from '../session/session-data.ts'
import { checksWithLogto } from './check-with-logto.ts'
import { renewSession } from './renew-session.ts'
import { mustRenew } from './renew-tokens.ts'

/**
 * Sees to it that a signed-in person's tokens are fresh before a page is made, and so that Logto still knows them:
 * whoever was suspended or signed out there is out here, at the latest when the access token has run out.
 */
export function keepFresh(context: AuthContext): RequestHandler {
  const check = checksWithLogto(context)
  return (req, _res, next) => {
    const session = signedInSession(req)
    if (session && mustRenew(session)) {
      renewSession(req, context).then(() => next(), next)
      return
    }
    if (session) check(req, session)
    next()
  }
}
