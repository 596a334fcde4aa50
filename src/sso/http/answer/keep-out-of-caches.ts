import type { ServerResponse } from 'node:http'

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
