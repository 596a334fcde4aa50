import type { Response } from 'express'
import { AppError, type ErrorAction } from '../app-error.ts'
import { keepOutOfCaches } from './security-headers.ts'

/**
 * Characters of the longest address that the browser is sent on to. Of an answer's headers a proxy takes 4,096 bytes, by
 * nginx's default (`proxy_buffer_size`), and turns what has more into a 502; the rest is for the other headers.
 */
export const longestLocation = 2700

/** Bytes of headers that an answer with this address has to spare. */
export const roomBeside = (url: string) => longestLocation + 300 - url.length

/**
 * Sends the browser on to an address, by GET whatever the request was (RFC 9110 §15.4.4). The body, for whoever does
 * not follow, is the same for all: it is not worth a negotiation. No cache keeps where somebody was sent this time.
 *
 * @param url where to
 * @throws AppError as `addressTooLong` has it
 */
export function seeOther(res: Response, url: string): void {
  if (url.length > longestLocation) throw addressTooLong()
  keepOutOfCaches(res)
  res.status(303).location(url)
  res.setHeader('Content-Type', 'text/plain; charset=utf-8')
  res.end(`See Other: ${res.get('Location')}`)
}

/**
 * An address that is too long to be led to or kept says so, instead of being forgotten (RFC 9110 §15.5.15).
 *
 * @param action the way on that the page offers
 */
export const addressTooLong = (action?: ErrorAction) =>
  new AppError({ status: 414, code: 'address_too_long', ...(action && { action }) })
