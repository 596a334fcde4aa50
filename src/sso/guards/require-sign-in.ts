import type { RequestHandler } from 'express'
import type { Config } from '../../settings/config.ts'
import { addressesAt } from '../addresses.ts'
import { addressTooLong, longestLocation, seeOther } from '../http/answer.ts'
import { isNavigation } from '../http/request/request-kind.ts'
import { askByBrowser, isLinkOpener } from '../http/request/visitor.ts'
import { signInLink } from '../links/beginning.ts'
import { notSignedIn } from '../links/not-signed-in.ts'
import { recordOf, targetOf } from '../request.ts'
import { storeUnavailable } from '../session/store-unavailable.ts'

/**
 * Lets only signed-in people through. A page that somebody goes to leads to sign-in and back to it; whatever a
 * script asks for, and whatever is more than reading, gets a 401 and begins nothing, since its caller could not
 * follow. A program that opens links for a browser begins nothing either. While it is not known who is there, everybody
 * gets a 503, and keeps their session.
 *
 * @returns middleware; what comes behind it can count on somebody being signed in
 */
export function requireSignIn(config: Pick<Config, 'baseUrl'>): RequestHandler {
  return (req, res, next) => {
    const { session, storeFault } = recordOf(req)
    if (session) return next()
    if (storeFault) throw storeUnavailable(storeFault)
    if (isLinkOpener(req)) return askByBrowser(res)
    if (!isNavigation(req)) throw notSignedIn(config)
    // The path as the browser knows it; `return_to` is checked when the sign-in begins.
    const link = signInLink(config.baseUrl, targetOf(req))
    if (link.length > longestLocation) {
      throw addressTooLong({ href: addressesAt(config.baseUrl).signIn, label: 'sign_in' })
    }
    seeOther(res, link)
  }
}
