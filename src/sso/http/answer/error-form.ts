import type { RequestHandler, Response } from 'express'

/** What an error is answered as, whatever the request accepts: JSON as this app has it, or as OAuth has it. */
export type ErrorForm = 'json' | 'oauth'

const forms = new WeakMap<Response, ErrorForm>()

/**
 * For a route that programs call and no browser: tells the error handler how they read errors. What goes wrong from
 * here on is answered so.
 *
 * @param form `oauth` for `error` and `error_description` (RFC 6749 §5.2)
 */
export function errorsAs(form: ErrorForm): RequestHandler {
  return (_req, res, next) => {
    forms.set(res, form)
    next()
  }
}

/** @returns what `errorsAs` said, if it did */
export function errorFormOf(res: Response): ErrorForm | undefined {
  return forms.get(res)
}
