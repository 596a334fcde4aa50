import type { Request } from 'express'
import { AppError } from '../app-error.ts'

/** `Sec-Purpose` is the standard's (Fetch Standard), the others are older browsers'. */
const headers = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz']

/**
 * Refuses requests a browser makes ahead of a click, since nobody has asked for anything yet. A status other than
 * 2xx makes the browser drop the prefetched answer and ask again on the click.
 */
export function refusePrefetch(req: Request): void {
  const purpose = headers.map((name) => req.get(name)).join(' ')
  if (!/\b(prefetch|prerender|preview)\b/i.test(purpose)) return
  throw new AppError({
    status: 403,
    code: 'prefetch_refused',
  })
}
