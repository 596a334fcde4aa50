import type { Request } from 'express'

/**
 * The path and the query that a request asks for, as they were sent. A target may also be a whole address, which names
 * any host it likes (RFC 9112 §3.2.2), and `//[` is a path, though no URL can be made of it.
 */
export function targetOf({ originalUrl }: Request): string {
  if (originalUrl.startsWith('/')) return originalUrl
  return originalUrl.replace(/^[^/?]*\/\/[^/?]*/, '').replace(/^(?!\/)/, '/')
}
