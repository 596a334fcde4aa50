import type { RequestHandler } from 'express'
import { visitorOf } from '../auth/signed-in.ts'

/** `GET /`: says who is signed in, with a link to sign out, or offers to sign in. */
export const home: RequestHandler = (req, res) => {
  const visitor = visitorOf(req)
  if (!visitor.isAuthenticated) return res.render('home', { isAuthenticated: false })
  const { sub, name, username, email } = visitor.claims
  const called = name || username || email || sub
  res.render('home', { isAuthenticated: true, name: called, email: email === called ? undefined : email })
}
