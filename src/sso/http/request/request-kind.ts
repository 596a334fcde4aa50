import type { Request } from 'express'

/**
 * Whether somebody goes to a page, as far as the request tells (Fetch Metadata §2.1). A script's `fetch`, and
 * whatever accepts anything at all, is no navigation: its caller could not follow a redirect to a sign-in page.
 */
export function isNavigation(req: Request): boolean {
  if (req.method !== 'GET' && req.method !== 'HEAD') return false
  const destination = req.get('sec-fetch-dest')
  if (destination !== undefined && destination !== 'document') return false
  return !req.xhr && acceptsHtml(req)
}

/** Whether an answer is to be read by a program: it says so, or is a script's `fetch` that does not ask for a page. */
export function prefersJson(req: Request): boolean {
  if (req.accepts(['html', 'json']) === 'json') return true
  return !acceptsHtml(req) && (req.xhr || req.get('sec-fetch-dest') === 'empty')
}

/** By name: what accepts anything has not asked for a page. */
const acceptsHtml = (req: Request) => /\btext\/html\b/i.test(req.get('accept') ?? '')

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
 * Whether a page that is not ours sent this form. `Sec-Fetch-Site` decides where it can: no script can set it, and a
 * proxy's `Referrer-Policy: no-referrer` does not touch it, but makes browsers send `Origin: null` with our own forms
 * (Fetch Standard, "append a request Origin header"). Browsers that do not send it, and plain http, leave `Origin`,
 * where `null` is nobody we know.
 *
 * @param origin our own origin
 */
export function isForeignPost(req: Request, origin: string): boolean {
  const site = req.get('sec-fetch-site')
  // `none` is the person's own doing, such as a reload: the form's page is in `Origin` still.
  if (site !== undefined && site !== 'none') return site !== 'same-origin'
  const sender = req.get('origin')
  return sender === undefined ? isForeignNavigation(req, origin) : sender !== origin
}

function originOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).origin : undefined
}
