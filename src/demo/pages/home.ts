import type { RequestHandler } from 'express'
import type { AppConfig } from '../../settings/config.ts'
import { seeOther } from '../../sso/http/answer/see-other.ts'
import { visitorOf } from '../../sso/session/visitor.ts'
import { allowEmailForm } from '../../sso/sign-in/form-targets.ts'
import { oktaSignOut } from '../../sso/sign-in/okta-sign-out.ts'
import { companyWay } from '../../sso/sign-in/retry-link.ts'
import { unfinishedCompany } from '../../sso/sign-in/sign-in-attempt.ts'
import { SignedOutNotice } from '../../sso/sign-out/signed-out-notice.ts'

/**
 * `GET /`: says who is signed in, with a link to sign out, or offers to sign in; and, right after a sign-out, what that
 * has ended and what may still be alive. Whom a company's Okta refused does not come back from Logto: here they find what
 * an error page would offer.
 *
 * @param experience what is known of how people sign in at Logto
 */
export function home(
  config: Pick<AppConfig, 'baseUrl' | 'connectors' | 'logto'>,
  experience: () => { signInMode: string } | undefined,
): RequestHandler {
  const notice = new SignedOutNotice(config)
  const unfinishedAt = unfinishedCompany(config)
  return (req, res) => {
    const visitor = visitorOf(req)
    const isGet = req.method === 'GET'
    // Away from the address with the state, which the browser would keep.
    if (isGet && notice.isBroughtBack(req, res)) return seeOther(res, `${config.baseUrl}/`)
    const signedOut = isGet ? notice.take(req, res, visitor) : undefined
    if (!visitor.isAuthenticated) {
      allowEmailForm(res, config)
      const company = signedOut ? undefined : unfinishedAt(req)
      const unfinished = company && {
        company: company.name,
        way: companyWay(company),
        signOutUrl: oktaSignOut(company),
      }
      // Logto refuses everybody new then, and its register screen leads nowhere.
      const canSignUp = experience()?.signInMode !== 'SignIn'
      return res.render('home', { isAuthenticated: false, canSignUp, signedOut, unfinished })
    }
    const { sub, name, username, email } = visitor.claims
    const called = name || username || email || sub
    res.render('home', { isAuthenticated: true, name: called, email: email === called ? undefined : email })
  }
}
