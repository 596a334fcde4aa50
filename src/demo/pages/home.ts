import type { RequestHandler } from 'express'
import type { SingleSignOn } from '../../sso/index.ts'

/**
 * `GET /`: says who is signed in and leads on, or offers to sign in; and, right after a sign-out, what that has ended and
 * what may still be alive. Whom a company's Okta refused does not come back from the sign-in service: here they find what
 * an error page would offer.
 */
export function home(sso: SingleSignOn): RequestHandler {
  return (req, res) => {
    const signedOut = req.method === 'GET' ? sso.signedOut(req, res) : undefined
    if (res.locals.account) return res.render('home')
    sso.allowSignInForm(res)
    res.render('home', {
      canSignUp: sso.canSignUp(),
      signedOut,
      unfinished: signedOut ? undefined : sso.unfinished(req),
    })
  }
}
