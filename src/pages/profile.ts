import type { RequestHandler } from 'express'
import { visitorOf } from '../auth/signed-in.ts'
import { signedInSession } from '../sessions/session-data.ts'

/** `GET /profile`, behind `requireSignIn`: who is signed in, since when, and until when at the latest. */
export const profile: RequestHandler = (req, res) => {
  const visitor = visitorOf(req)
  const session = signedInSession(req)
  if (!visitor.isAuthenticated || !session) throw new Error('the profile is mounted without requireSignIn')
  const { sub, name, username, email } = visitor.claims
  res.render('profile', {
    name: name || username || email || sub,
    email,
    startedAt: new Date(session.startedAt),
    endsAt: new Date(session.endsAt),
  })
}
