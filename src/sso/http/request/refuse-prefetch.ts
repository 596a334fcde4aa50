import type { RequestHandler } from 'express'
import { AppError } from '../app-error.ts'

/** `Sec-Purpose` is the standard's (Fetch Standard), the others are older browsers'. */
const headers = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz']

/**
 * Refuses requests a browser makes ahead of a click, since nobody has asked for anything yet. A status other than
 * 2xx makes the browser drop the prefetched answer and ask again on the click.
 */
export const refusePrefetch: RequestHandler = (req, _res, next) => {
  const purpose = headers.map((name) => req.get(name)).join(' ')
  if (!/\b(prefetch|prerender|preview)\b/i.test(purpose)) return next()
  throw new AppError({
    status: 403,
    code: 'prefetch_refused',
  })
}
