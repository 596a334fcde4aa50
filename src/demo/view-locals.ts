import type { RequestHandler } from 'express'
import type { SingleSignOn } from '../sso/index.ts'

/** Gives every view what it needs to look and speak as the sign-in's own pages do, and what the navigation shows. */
export function viewLocals(sso: SingleSignOn): RequestHandler {
  return (req, res, next) => {
    const view = sso.view(req)
    Object.assign(res.locals, view, { page: req.path })
    // RFC 9110 §12.5.5: the same address is answered in two languages.
    if (view.language !== 'en') res.set('Content-Language', view.language)
    next()
  }
}
