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
