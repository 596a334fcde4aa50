import type { RequestHandler } from 'express'
import { AppError } from '../app-error.ts'

/** A 405 with `Allow` (RFC 9110 §15.5.6). @param methods those that are allowed */
export function methodNotAllowed(methods: readonly string[]): AppError {
  const allow = methods.join(', ')
  return new AppError({
    status: 405,
    code: 'method_not_allowed',
    params: { methods: allow },
    headers: { Allow: allow },
  })
}

/**
 * Lets only these methods through. HEAD is let through only where it is named: Express would otherwise run the
 * GET handler for it, and a link preview could start a sign-in or end a session.
 *
 * @param methods upper-case method names, such as `GET`
 * @returns middleware that raises a 405 for any other method
 */
export function allowMethods(...methods: string[]): RequestHandler {
  return (req, _res, next) => {
    if (!methods.includes(req.method)) throw methodNotAllowed(methods)
    next()
  }
}
