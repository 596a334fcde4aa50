import type { Request, RequestHandler } from 'express'

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
      (fault) => next(fault instanceof Error ? fault : new Error('a guard failed', { cause: fault })),
    )
  }
}
