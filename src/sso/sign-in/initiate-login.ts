import type { Config } from '../../settings/config.ts'
import { addressesAt } from '../addresses.ts'
import { seeOther } from '../http/answer.ts'
import { AppError } from '../http/app-error.ts'
import type { Handler } from '../http/handler.ts'
import { bodyOf } from '../http/request/request-body.ts'
import { repeated } from '../links/sign-in-options.ts'

/** The parameters of a third-party-initiated login (OpenID Connect Core 1.0 §4). */
const parameters = ['iss', 'login_hint', 'target_link_uri'] as const

/**
 * `POST /sign-in`: a third-party-initiated login as a form. It becomes the same request as a GET, at `BASE_URL`: a form
 * of another site comes without our cookies (`SameSite=Lax`), and the attempts this browser has open could be neither
 * seen nor bounded.
 *
 * That the form is another site's is its purpose, so `Origin` is not asked. It can do no more than a link to
 * `/sign-in` can: an attempt begins, in this browser.
 */
export function initiateLoginByForm(config: Pick<Config, 'baseUrl'>): Handler {
  return (req, res) => {
    const form = new URLSearchParams(bodyOf(req).toString())
    if (!form.has('iss')) throw new AppError({ status: 400, code: 'issuer_missing' })
    const query = new URLSearchParams()
    for (const name of parameters) {
      const [value, ...more] = form.getAll(name)
      if (more.length > 0) throw repeated(name)
      if (value !== undefined) query.set(name, value)
    }
    seeOther(res, `${addressesAt(config.baseUrl).signIn}?${query}`)
  }
}
