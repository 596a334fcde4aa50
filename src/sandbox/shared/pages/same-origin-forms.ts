import type { RequestHandler } from 'express'
import type { Look } from './look.ts'
import { sendPage } from './pages.ts'

const FORBIDDEN = 403

/**
 * Any page in the browser can post to localhost. Browsers say where a form is from by `Sec-Fetch-Site`, which no
 * script can set, and name the sender's `Origin` with every POST, unless a proxy's or an extension's `Referrer-Policy`
 * keeps it. None is let through that says neither. Pages with such forms are sent by `sendOwnPage`.
 *
 * @param look of the page that says no
 * @param text why: a key of the words
 */
export function requireSameOriginForms(look: Look, text: string): RequestHandler {
  return async (req, res, next) => {
    const { origin, host, 'sec-fetch-site': site } = req.headers
    if (site === 'same-origin' || origin === `http://${host}`) return next()
    await sendPage(res, FORBIDDEN, look, 'message', { title: 'foreign_form.title', text })
  }
}
