import type { Response } from 'express'
import { keepOutOfCaches } from './keep-out-of-caches.ts'

/**
 * Sends the browser on to an address, by GET whatever the request was (RFC 9110 §15.4.4). The body, for whoever does
 * not follow, is the same for all: it is not worth a negotiation. No cache keeps where somebody was sent this time.
 *
 * @param url where to
 */
export function seeOther(res: Response, url: string): void {
  keepOutOfCaches(res)
  res.status(303).location(url)
  res.setHeader('Content-Type', 'text/plain; charset=utf-8')
  res.end(`See Other: ${res.get('Location')}`)
}
