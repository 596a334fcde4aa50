import type { Response } from 'express'
import type { AppConfig } from '../../settings/config.ts'
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
  connectors,
}: Pick<AppConfig, 'logto' | 'connectors'>): (res: Response) => void {
  if (connectors.length === 0) return () => {}
  const addresses = [logto.endpoint, ...connectors.map(({ issuer }) => issuer)]
  const schemes = new Set(addresses.map((address) => new URL(address).protocol))
  return (res) => allowFormsTo(res, schemes)
}
