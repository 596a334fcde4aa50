import { addressesAt } from '../../sso/addresses.ts'
import type { Desired } from '../desired.ts'
import { additions, replacement, type Step, union } from '../plan.ts'
import { phrase } from '../problem.ts'
import type { Wired } from '../wired.ts'
import type { HookEvent, LogtoManagement } from './api/management.ts'

/** Of these Logto sends no back-channel logout. */
const EVENTS: HookEvent[] = ['User.SuspensionStatus.Updated', 'User.Deleted']

/** The webhook that tells the app of people who are suspended or deleted; ours is the one with our address. */
export async function planWebhook(logto: LogtoManagement, desired: Desired, wired: Wired): Promise<Step> {
  const { logtoWebhook: url } = addressesAt(desired.baseUrl)
  const found = (await logto.hooks()).find(({ config }) => config.url === url)
  if (!found) {
    const name = `${desired.appName}: people who leave`
    return {
      resource: phrase`Logto: webhook “${name}”`,
      action: 'create',
      changes: [...replacement(phrase`endpoint`, undefined, url), ...additions(phrase`events`, [], EVENTS)],
      notes: [],
      async apply() {
        wired.webhookSigningKey = (await logto.createHook(name, url, EVENTS)).signingKey
      },
    }
  }
  wired.webhookSigningKey = found.signingKey
  const changes = [
    ...additions(phrase`events`, found.events, EVENTS),
    ...replacement(phrase`enabled`, String(found.enabled), 'true'),
  ]
  return {
    resource: phrase`Logto: webhook “${found.name}” (${found.id})`,
    action: changes.length > 0 ? 'change' : 'leave',
    changes,
    notes: [],
    async apply() {
      await logto.changeHook(found.id, union(found.events, EVENTS))
    },
  }
}
