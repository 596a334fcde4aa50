import type { RequestHandler } from 'express'
import { type Brand, sendPage } from './pages.ts'

const FORBIDDEN = 403

/**
 * Any page in the browser can post to localhost. Browsers name the sender's `Origin` with every POST; none is let
 * through without one. Pages with such forms are sent by `sendOwnPage`.
 *
 * @param brand of the page that says no
 * @param text why
 */
export function onlyOwnForms(brand: Brand, text: string): RequestHandler {
  return async (req, res, next) => {
    if (req.headers.origin === `http://${req.headers.host}`) return next()
    await sendPage(res, FORBIDDEN, brand, 'message', { title: 'This form is not from here', text })
  }
}
