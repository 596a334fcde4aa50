import { commandLine } from '../../../settings/command-line.ts'
import type { Text } from '../../../words/phrase.ts'
import { type Check, type Finding, notTried } from '../../check.ts'
import { phrase } from '../../phrase.ts'
import { behindManagement, management, managementFacts } from '../../steps/management.ts'

/** Of these Logto sends no back-channel logout. */
const events = ['User.SuspensionStatus.Updated', 'User.Deleted']

/** Whether Logto is told to say when somebody is suspended or deleted, and with a signature the app can verify. */
export const webhook: Check = {
  id: 'webhook',
  title: phrase`The webhook for people who leave`,
  needs: ['management'],
  async examine(on) {
    const url = `${on.config.baseUrl}/webhooks/logto`
    const tried = phrase`looked for a webhook to ${url} by the Management API`
    if (!on.config.webhooks)
      return notTried(tried, phrase`LOGTO_WEBHOOK_SIGNING_KEY says that none is wanted`)
    const api = await management(on)
    if ('absent' in api) return notTried(tried, behindManagement)
    const hook = (await managementFacts(on))?.hooks.find(({ config }) => config.url === url)
    if (!hook) {
      return broken(
        tried,
        phrase`there is none`,
        phrase`Logto console → Webhooks → Create new webhook: endpoint URL ${url}, events ${events.join(', ')}; or run ${commandLine('provision')}`,
      )
    }
    const page = phrase`Logto console → Webhooks → ${hook.name} (${hook.id})`
    const missing = events.filter((event) => !hook.events.includes(event))
    if (missing.length > 0) {
      return broken(
        tried,
        phrase`events: ${hook.events.join(', ') || phrase`none`}`,
        phrase`${page} → Settings → Events: tick ${missing.join(', ')}`,
      )
    }
    if (!hook.enabled)
      return broken(tried, phrase`it is disabled`, phrase`${page} → Reactivate webhook, for ${url}`)
    const key = on.config.webhookKey
    if (key !== hook.signingKey) {
      return {
        ...broken(
          tried,
          key ? phrase`another signing key` : phrase`it signs, and no key is set`,
          phrase`Copy “Signing key” (${page} → Settings) into LOGTO_WEBHOOK_SIGNING_KEY, or run ${commandLine('provision')}; then restart the app`,
        ),
        meaning: phrase`LOGTO_WEBHOOK_SIGNING_KEY is not the key of this webhook, so that the app refuses every delivery.`,
      }
    }
    return {
      status: 'ok',
      tried,
      answer: phrase`enabled, with ${events.join(', ')}, and the key in the settings`,
    }
  },
}

const broken = (tried: Text, answer: Text, fix: Text): Finding => ({
  status: 'broken',
  tried,
  answer,
  meaning: phrase`Somebody who is suspended or deleted in Logto stays signed in here until the session ends by itself.`,
  fix,
})
