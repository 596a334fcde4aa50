import { joined } from '../../../words/phrase.ts'
import { type Check, notTried } from '../../check.ts'
import { phrase } from '../../phrase.ts'
import { companyOf, emailOf } from './person.ts'

/** Whether the app knows the company of the address. */
export const personCompany: Check = {
  id: 'person-company',
  title: phrase`The company of this person`,
  needs: ['settings'],
  async examine(on) {
    const { address, domain } = emailOf(on)
    const { connectors } = on.config
    const tried = phrase`looked for the company of ${address} in SSO_CONNECTORS`
    if (connectors.length === 0) return notTried(tried, phrase`SSO_CONNECTORS is not set`)
    const company = companyOf(on)
    if (company) {
      return {
        status: 'ok',
        tried,
        answer: phrase`“${company.name}” (${company.id}), with ${company.issuer}`,
      }
    }
    return {
      status: 'warning',
      tried,
      answer: phrase`none of ${connectors.length} has ${domain}`,
      meaning: phrase`The app sends this person to the sign-in page of Logto, not to the Okta of the company.`,
      fix: phrase`SSO_CONNECTORS: add ${domain} to the domains of the company; then restart the app. There are ${joined(
        connectors.map(({ name, domains }) => phrase`“${name}” (${domains.join(', ') || phrase`no domain`})`),
        ', ',
      )}.`,
      blocks: true,
    }
  },
}
