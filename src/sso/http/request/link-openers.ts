import type { Request, Response } from 'express'
import { keepOutOfCaches } from '../answer/security-headers.ts'
import { sendWhole } from '../answer/send-whole.ts'

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
