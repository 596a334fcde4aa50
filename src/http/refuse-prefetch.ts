import type { RequestHandler } from 'express'
import { AppError } from './app-error.ts'

/**
 * Refuses requests a browser makes ahead of a click, since nobody has asked for anything yet. A status other than
 * 2xx makes the browser drop the prefetched answer and ask again on the click (Fetch Standard, `Sec-Purpose`).
 * `Purpose` and `X-Moz` are what older browsers send.
 */
export const refusePrefetch: RequestHandler = (req, _res, next) => {
  const purpose = [req.get('sec-purpose'), req.get('purpose'), req.get('x-moz')].join(' ').toLowerCase()
  if (!/\b(prefetch|prerender|preview)\b/.test(purpose)) return next()
  throw new AppError({
    status: 503,
    code: 'prefetch_refused',
    message: 'This address does nothing before it is really visited.',
  })
}
