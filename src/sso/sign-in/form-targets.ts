import type { Response } from 'express'
import type { LiveConfig } from '../../companies/index.ts'
import { allowFormsTo } from '../http/answer.ts'

/**
 * Lets the form with the email, which this one answer has, lead where a sign-in leads: through Logto to a company's
 * Okta, and through whatever that one trusts. By scheme, since anybody reads this answer, and whose people sign in
 * here is not for everybody to know.
 *
 * @returns what an answer with the form is given to
 */
export function allowEmailForm({
  logto,
  companies,
}: Pick<LiveConfig, 'logto' | 'companies'>): (res: Response) => void {
  const { protocol } = new URL(logto.endpoint)
  return (res) => {
    if (companies.size > 0) allowFormsTo(res, new Set([protocol, ...companies.schemes]))
  }
}
