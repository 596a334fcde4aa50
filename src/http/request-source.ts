import type { Request } from 'express'

/**
 * Whether a page of another site, or of another origin of ours, made the browser send this navigation. The address
 * bar, a bookmark and our own pages did not. Browsers say so in `Sec-Fetch-Site` (Fetch Metadata §2.3); of older
 * ones the `Referer` is asked.
 *
 * @param origin our own origin
 */
export function isForeignNavigation(req: Request, origin: string): boolean {
  const site = req.get('sec-fetch-site')
  if (site !== undefined) return site !== 'same-origin' && site !== 'none'
  const referer = req.get('referer')
  return referer !== undefined && originOf(referer) !== origin
}

/**
 * Whether a page that is not ours sent this form. Browsers name the page's `Origin` with every POST (Fetch Standard,
 * "append a request Origin header"); `null` is nobody we know.
 *
 * @param origin our own origin
 */
export function isForeignPost(req: Request, origin: string): boolean {
  const sender = req.get('origin')
  return sender === undefined ? isForeignNavigation(req, origin) : sender !== origin
}

function originOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).origin : undefined
}
