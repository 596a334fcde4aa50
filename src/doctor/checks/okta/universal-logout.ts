import { addressesAt } from '../../../sso/addresses.ts'
import { inWords } from '../../ask.ts'
import { type Check, notTried } from '../../check.ts'
import { phrase } from '../../phrase.ts'
import { oktaCompanies } from '../../provider/provider-of.ts'
import { noOkta, oktaFacts } from './okta-api.ts'

/** Whether Universal Logout has an address to call, and as far as Okta tells it, whether it is switched on. */
export const universalLogout: Check = {
  id: 'universal-logout',
  title: phrase`Universal Logout`,
  needs: ['settings'],
  async examine(on) {
    const { globalTokenRevocation: endpoint } = addressesAt(on.config.baseUrl)
    const tried = phrase`POST ${endpoint}, with no token`
    if (oktaCompanies(on).length === 0) return notTried(tried, noOkta)
    const headers = { 'content-type': 'application/json' }
    const asked = await on.ask(endpoint, { method: 'POST', headers, body: '{}' })
    if ('fault' in asked || asked.status !== 401) {
      return {
        ...{ status: 'broken', tried, answer: inWords(asked, on.secrets) },
        meaning: phrase`Nobody answers Universal Logout there as the app does, which refuses a call without a token (401).`,
        fix: phrase`Start the app with these settings, and let the proxy before it pass this path on.`,
        blocks: false,
      }
    }
    const look = await oktaFacts(on)
    const byEye = phrase`look at Okta admin console → Applications → the app → Authentication (older: Sign On) → Logout: “Okta system or admin initiates logout” ticked, Logout endpoint URL ${endpoint}, Signed JWT, Issuer and Subject Identifier`
    if (!('app' in look) || !look.app) {
      const reason = 'absent' in look ? look.absent : phrase`Okta’s API does not show the app`
      return notTried(tried, phrase`the app answers; of Okta’s side, ${reason}; ${byEye}`)
    }
    const status = look.app.universalLogout?.status ?? phrase`not told`
    if (status === 'ENABLED') {
      // Of its address and subject the API tells nothing.
      return {
        status: 'ok',
        tried,
        answer: phrase`401, as it should; Okta says ENABLED for “${look.app.label}”`,
      }
    }
    return {
      status: 'warning',
      tried,
      answer: phrase`401, as it should; Okta says ${status} for “${look.app.label}”`,
      meaning: phrase`Okta does not use Universal Logout for this app; the event hook is the other way to be told.`,
      fix: phrase`Where the org has it (Okta Identity Engine), ${byEye}. No API sets it.`,
    }
  },
}
