import type { RequestHandler } from 'express'
import type { SingleSignOn } from '../../sso/index.ts'

/** A company of the sandbox that somebody can connect by hand. */
export interface NewCompanyHints {
  company: string
  /** The invitation of its administrator. */
  link: string
  /** Where they make the application, at its Okta. */
  console: string
  administrator: string
}

/** Whom the sandbox knows. */
export interface SandboxPeople {
  accounts: ReadonlyArray<{ email: string; shows: Readonly<Record<string, string>> }>
  /** Of all of them. */
  password: string
  newCompany?: NewCompanyHints | undefined
}

/**
 * `GET /`: says who is signed in and leads on, or offers to sign in; and, right after a sign-out, what that has ended and
 * what may still be alive. Whom a company's Okta refused does not come back from the sign-in service: here they find what
 * an error page would offer. With a sandbox it says whom to sign in as.
 */
export function home(sso: SingleSignOn, sandbox?: SandboxPeople): RequestHandler {
  return (req, res) => {
    const signedOut = req.method === 'GET' ? sso.signedOut(req, res) : undefined
    if (res.locals.account) return res.render('home')
    sso.allowSignInForm(res)
    res.render('home', {
      canSignUp: sso.canSignUp(),
      sandbox,
      signedOut,
      unfinished: signedOut ? undefined : sso.unfinished(req),
    })
  }
}
