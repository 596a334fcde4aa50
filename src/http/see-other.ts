import type { Response } from 'express'

/**
 * Sends the browser on to an address, by GET whatever the request was (RFC 9110 §15.4.4). The body, for whoever does
 * not follow, is the same for all: it is not worth a negotiation.
 *
 * @param url where to
 */
export function seeOther(res: Response, url: string): void {
  res.status(303).location(url)
  res.setHeader('Content-Type', 'text/plain; charset=utf-8')
  res.end(`See Other: ${res.get('Location')}`)
}
