import type { RequestHandler } from 'express'
import { signedInSession } from '../../sso/session/session-data.ts'
import { visitorOf } from '../../sso/session/visitor.ts'

/** `GET /api/me`, behind `requireSignIn`: who is signed in, for scripts of our own pages. No token. */
export const me: RequestHandler = (req, res) => {
  const visitor = visitorOf(req)
  const session = signedInSession(req)
  if (!visitor.isAuthenticated || !session) throw new Error('/api/me is mounted without requireSignIn')
  res.json({
    sub: session.sub,
    claims: visitor.claims,
    session: {
      startedAt: new Date(session.startedAt).toISOString(),
      endsAt: new Date(session.endsAt).toISOString(),
    },
  })
}
