import type { RequestHandler } from 'express'
import { AppError } from '../app-error.ts'

/**
 * Lets only these methods through. HEAD is let through only where it is named: Express would otherwise run the
 * GET handler for it, and a link preview could start a sign-in or end a session.
 *
 * @param methods upper-case method names, such as `GET`
 * @returns middleware that raises a 405 with `Allow` for any other method (RFC 9110 §15.5.6)
 */
export function allowMethods(...methods: string[]): RequestHandler {
  const allow = methods.join(', ')
  return (req, _res, next) => {
    if (methods.includes(req.method)) return next()
    throw new AppError({
      status: 405,
      code: 'method_not_allowed',
      params: { methods: allow },
      headers: { Allow: allow },
    })
  }
}
