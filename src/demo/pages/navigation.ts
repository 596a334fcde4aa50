import type { RequestHandler } from 'express'
import { signedInSession } from '../../sso/session/session-data.ts'

/** Gives every view what the navigation shows: whether somebody is signed in, and which page this is. */
export const navigation: RequestHandler = (req, res, next) => {
  res.locals.signedIn = signedInSession(req) !== undefined
  res.locals.page = req.path
  next()
}
