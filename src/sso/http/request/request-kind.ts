import type { Request, Response } from 'express'
import { keepOutOfCaches, sendWhole } from '../answer.ts'
import { AppError } from '../app-error.ts'

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

/**
 * What opens a link before a browser does: Word, Excel and the like, which follow redirects on their own and hand the
 * browser the last address of them, and what looks at a link for a
 * preview or an index. None of them can sign anybody in.
 */
const openers =
  /ms-?office|microsoft (office|word|excel|powerpoint|outlook|onenote|visio|project|data access)|microsoft-webdav|(?<!cu)bot\b|preview|externalhit|meta-external|whatsapp\/|slack-|scrap|snippet|embedly|iframely|unfurl|crawl|spider|slurp/i

/** Whether a link is opened by something other than a browser. Browsers of today say how they navigate (Fetch Metadata). */
export function isLinkOpener(req: Request): boolean {
  if (req.method !== 'GET' && req.method !== 'HEAD') return false
  return req.get('sec-fetch-mode') === undefined && openers.test(req.get('user-agent') ?? '')
}

/**
 * Has a browser ask for itself: a page that opens its own address once more. Whoever follows no more than redirects ends
 * here, at the address the link has.
 */
export function askByBrowser(res: Response): void {
  keepOutOfCaches(res)
  res.status(200)
  sendWhole(
    res,
    'text/html',
    '<!doctype html><html lang="en"><meta name="robots" content="noindex"><meta http-equiv="refresh" content="0">' +
      '<title>Sign in</title><p><a href="">Continue</a></html>',
  )
}
