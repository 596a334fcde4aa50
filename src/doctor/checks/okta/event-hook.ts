import { differencesOf, leavingEvents } from '../../../provision/okta/event-hook.ts'
import { companySecret } from '../../../settings/companies/company-secret.ts'
import { addressesAt } from '../../../sso/addresses.ts'
import { joined, type Text } from '../../../words/phrase.ts'
import { type Check, type Finding, notTried } from '../../check.ts'
import { phrase } from '../../phrase.ts'
import { oktaCompanies } from '../../provider/provider-of.ts'
import { noOkta, notRead, oktaFacts } from './okta-api.ts'

const PAGE = phrase`Okta admin console → Workflow → Event Hooks`

/** Whether Okta tells the app of people who leave: a hook with our address, its events and secret, active and verified. */
export const eventHook: Check = {
  id: 'okta-event-hook',
  title: phrase`The event hook for people who leave Okta`,
  needs: ['settings'],
  async examine(on) {
    const { companyHookKeys, baseUrl } = on.config
    const connectors = oktaCompanies(on)
    const { oktaWebhook } = addressesAt(baseUrl)
    const tried = phrase`looked for the event hook by Okta’s API`
    if (connectors.length === 0) return notTried(tried, noOkta)
    const [key] = companyHookKeys
    if (!key) {
      return {
        status: 'warning',
        tried: phrase`looked for COMPANY_HOOK_KEY`,
        answer: phrase`it is not set`,
        meaning: phrase`The app refuses what Okta tells it of people who leave. ${STAYS}`,
        fix: phrase`Run npm run provision, which makes it; then restart the app.`,
      }
    }
    const look = await oktaFacts(on)
    const byEye = phrase`look at ${PAGE}: ${connectors.map(({ id, name }) => `${oktaWebhook(id)} (${name})`).join(', ')}, active and verified, with ${leavingEvents.join(', ')}`
    if (!('hooks' in look)) return notRead(on, tried, look, byEye)
    const { hooks, company } = look
    if (!hooks) return notTried(tried, phrase`the API token is not a super administrator’s; ${byEye}`)
    const address = oktaWebhook(company.id)
    const hook = hooks.find(({ channel }) => channel.config.uri === address)
    if (!hook) {
      const others = hooks.map(({ channel }) => channel.config.uri)
      return broken(
        phrase`looked for the event hook to ${address}`,
        others.length > 0 ? phrase`others only: ${others.join(', ')}` : phrase`there is none`,
        phrase`Run npm run provision, which makes it; --by-hand says what to enter.`,
      )
    }
    const where = phrase`${PAGE} → ${hook.name}`
    if (hook.status !== 'ACTIVE')
      return broken(
        address,
        phrase`it is ${hook.status}`,
        phrase`${where} → Actions → Activate; or run npm run provision.`,
      )
    const wrong = differencesOf(hook, companySecret(key, company.issuer)).map(({ field }) => field)
    if (wrong.length > 0) {
      return broken(
        address,
        phrase`other ${joined(wrong, ', ')} than the app has`,
        phrase`Run npm run provision, which sets them; or ${where} → Edit, and npm run provision -- --by-hand says what to enter.`,
      )
    }
    if (hook.verificationStatus !== 'VERIFIED') {
      return broken(
        address,
        phrase`its address is not verified`,
        phrase`See that Okta reaches ${address}, then ${where} → Actions → Verify; or run npm run provision.`,
      )
    }
    const rest = connectors.filter(({ id }) => id !== company.id)
    const unseen = rest.length > 0 ? phrase`; not looked at: ${rest.map(({ name }) => name).join(', ')}` : ''
    return { status: 'ok', tried: address, answer: phrase`active and verified, for ${company.name}${unseen}` }
  },
}

const STAYS = phrase`Somebody who is deactivated in Okta alone stays signed in here until the session ends by itself.`

const broken = (tried: Text, answer: Text, fix: Text): Finding => ({
  status: 'broken',
  tried,
  answer,
  meaning: STAYS,
  fix,
  blocks: false,
})
