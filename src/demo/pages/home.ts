import type { RequestHandler } from 'express'
import { type AuthContext, signInAgain } from '../../sso/context.ts'
import { seeOther } from '../../sso/http/answer/see-other.ts'
import { visitorOf } from '../../sso/session/visitor.ts'
import { allowEmailForm } from '../../sso/sign-in/form-targets.ts'
import { oktaSignOut } from '../../sso/sign-in/okta-sign-out.ts'
import { SignedOutNotice } from '../../sso/sign-out/signed-out-notice.ts'

/**
 * `GET /`: says who is signed in, with a link to sign out, or offers to sign in; and, right after a sign-out, what that
 * has ended and what may still be alive. Whom a company's Okta refused does not come back from Logto: here they find what
 * an error page would offer.
 */
export function home({ config, attempts, canSignUp }: AuthContext): RequestHandler {
  const notice = new SignedOutNotice(config)
  const allowForm = allowEmailForm(config)
  return (req, res) => {
    const visitor = visitorOf(req)
    const isGet = req.method === 'GET'
    // Away from the address with the state, which the browser would keep.
    if (isGet && notice.isBroughtBack(req, res)) return seeOther(res, `${config.baseUrl}/`)
    const signedOut = isGet ? notice.take(req, res, visitor) : undefined
    if (!visitor.isAuthenticated) {
      allowForm(res)
      const last = signedOut ? undefined : attempts.unfinished(req)
      const unfinished = last && {
        company: last.company.name,
        again: signInAgain(config, last.beginning).href,
        signOutUrl: oktaSignOut(last.company),
      }
      return res.render('home', { isAuthenticated: false, canSignUp: canSignUp(), signedOut, unfinished })
    }
    const { sub, name, username, email } = visitor.claims
    const called = name || username || email || sub
    res.render('home', { isAuthenticated: true, name: called, email: email === called ? undefined : email })
  }
}
