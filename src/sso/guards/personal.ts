import type { RequestHandler } from 'express'
import { keepOutOfCaches } from '../http/answer.ts'
import { recordOf } from '../request.ts'

/** A guard that nobody can mistake for one that works where it does not, and behind which no cache keeps what it has not been told to. */
export function personal(guard: RequestHandler): RequestHandler {
  return (req, res, next) => {
    if (!req) throw new TypeError('a guard such as requireSignIn goes to Express as it is, and is not called')
    recordOf(req)
    keepOutOfCaches(res)
    return guard(req, res, next)
  }
}
