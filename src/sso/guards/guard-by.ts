import type { Request, RequestHandler } from 'express'
import { asError } from '../http/app-error.ts'

/**
 * A guard of a check that may take time. Whatever the check raises goes to `next`: a rejected promise ends the process
 * under Express 4, and a bare `throw undefined` would pass for "go on" under either.
 *
 * @param check returns to let the request through, and throws to refuse it
 */
export function guardBy(check: (req: Request) => Promise<void>): RequestHandler {
  return (req, _res, next) => {
    check(req).then(
      () => next(),
      (fault) => next(asError(fault, 'a guard failed')),
    )
  }
}
