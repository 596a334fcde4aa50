import type { ServerResponse } from 'node:http'
import type { Request } from 'express'

/**
 * What caches go by before they look at `Cache-Control`, or in its place: targeted fields (RFC 9213 §2), those of Varnish,
 * Fastly and Akamai, nginx's, and `Expires` (RFC 9111 §5.3).
 */
const before = /-cache-control$|^(surrogate-control|edge-control|x-accel-expires|expires)$/

/**
 * Says that an answer is one person's own, never kept by a shared cache or by the browser (RFC 9111 §5.2.2), whatever
 * was said of it until now: a host app may have told caches to keep everything, before it was known what the answer is.
 *
 * @param instead another `Cache-Control` of the same end, for caches that would go by something else
 */
export function keepOutOfCaches(res: ServerResponse, instead = 'private, no-store'): void {
  for (const name of res.getHeaderNames()) if (before.test(name)) res.removeHeader(name)
  res.setHeader('Cache-Control', instead)
}

/**
 * Directives by which no cache gives one person's page to another unasked (RFC 9111 §5.2.2). With names of fields behind
 * it, as in `no-cache="Set-Cookie"`, a directive is about these fields and lets the page be kept.
 */
const personal = /(^|,)\s*(private|no-store|no-cache)\s*(,|$)/i

/** What depends on who is there is one person's own, unless the page says otherwise after it has asked. */
export function keepPersonal({ res }: Request): void {
  if (!res || res.headersSent) return
  const said = String(res.get('Cache-Control') ?? '')
  keepOutOfCaches(res, personal.test(said) ? said : undefined)
}
