import type { RequestHandler } from 'express'
import type { SingleSignOn } from '../../sso/index.ts'

/**
 * `GET /`: says who is signed in, with a link to sign out, or offers to sign in; and, right after a sign-out, what that
 * has ended and what may still be alive. Whom a company's Okta refused does not come back from Logto: here they find what
 * an error page would offer.
 */
export function home(sso: SingleSignOn): RequestHandler {
  return (req, res) => {
    const account = sso.accountOf(req)
    const signedOut = req.method === 'GET' ? sso.signedOut(req, res) : undefined
    if (!account) {
      sso.allowSignInForm(res)
      const unfinished = signedOut ? undefined : sso.unfinished(req)
      return res.render('home', {
        isAuthenticated: false,
        canSignUp: sso.canSignUp(),
        signedOut,
        unfinished,
      })
    }
    const { sub, name, username, email } = account.claims
    const called = name || username || email || sub
    res.render('home', { isAuthenticated: true, name: called, email: email === called ? undefined : email })
  }
}
