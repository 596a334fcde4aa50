import { commandLine } from '../../../settings/command-line.ts'
import { type Check, type Finding, notTried } from '../../check.ts'
import { behindManagement, management, managementFacts } from '../../steps/management.ts'

/** Of these Logto sends no back-channel logout. */
const events = ['User.SuspensionStatus.Updated', 'User.Deleted']

/** Whether Logto is told to say when somebody is suspended or deleted, and with a signature the app can verify. */
export const webhook: Check = {
  id: 'webhook',
  title: 'The webhook for people who leave',
  needs: ['management'],
  async examine(on) {
    const url = `${on.config.baseUrl}/webhooks/logto`
    const tried = `looked for a webhook to ${url} by the Management API`
    if (!on.config.webhooks) return notTried(tried, 'LOGTO_WEBHOOK_SIGNING_KEY says that none is wanted')
    const api = await management(on)
    if ('absent' in api) return notTried(tried, behindManagement)
    const hook = (await managementFacts(on))?.hooks.find(({ config }) => config.url === url)
    if (!hook) {
      return broken(
        tried,
        'there is none',
        `Console → Webhooks → Create new webhook: endpoint URL ${url}, events ${events.join(' and ')}; or run ${commandLine('provision')}`,
      )
    }
    const page = `console → Webhooks → ${hook.name} (${hook.id})`
    const missing = events.filter((event) => !hook.events.includes(event))
    if (missing.length > 0) {
      return broken(
        tried,
        `events: ${hook.events.join(', ') || 'none'}`,
        `${page} → Settings → Events: tick ${missing.join(' and ')}`,
      )
    }
    if (!hook.enabled) return broken(tried, 'it is disabled', `${page} → Reactivate webhook, for ${url}`)
    const key = on.config.webhookKey
    if (key !== hook.signingKey) {
      return {
        ...broken(
          tried,
          key ? 'another signing key' : 'it signs, and no key is set',
          `Copy “Signing key” (Logto ${page} → Settings) into LOGTO_WEBHOOK_SIGNING_KEY, or run ${commandLine('provision')}; then restart the app`,
        ),
        meaning:
          'LOGTO_WEBHOOK_SIGNING_KEY is not the key of this webhook, so that the app refuses every delivery.',
      }
    }
    return {
      status: 'ok',
      tried,
      answer: `enabled, with ${events.join(' and ')}, and the key in the settings`,
    }
  },
}

const broken = (tried: string, answer: string, fix: string): Finding => ({
  status: 'broken',
  tried,
  answer,
  meaning:
    'Somebody who is suspended or deleted in Logto stays signed in here until the session ends by itself.',
  fix: fix.replace(/^[Cc]onsole/, 'Logto console'),
})
