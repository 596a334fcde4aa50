import type { RequestHandler } from 'express'

/** Asks before signing out somebody whom another site sent here. */
export const confirmSignOut: RequestHandler = (_req, res) => {
  res.render('sign-out')
}
