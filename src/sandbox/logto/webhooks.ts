import { createHmac } from 'node:crypto'
import { callApp } from '../shared/call-app.ts'
import type { Behaviour } from './control/behaviour.ts'
import { logtoNow } from './control/clock.ts'
import { type EventLog, keep, type WebhookDelivery } from './control/event-log.ts'
import type { HookEvent } from './hook-events.ts'
import type { Hook, Tenant } from './state/state.ts'

export interface HookParts {
  tenant: Tenant
  behaviour: Behaviour
  eventLog: EventLog
}

/**
 * Tells every enabled hook that is registered for the event, once: a real Logto tries again where the answer is 5xx.
 *
 * @param about the part of the payload that is the event's own
 * @returns how each delivery ended, when all have
 */
export function deliver(
  { tenant, behaviour, eventLog }: HookParts,
  event: HookEvent,
  userId: string,
  about: Record<string, unknown>,
): Promise<WebhookDelivery[]> {
  const payload = { event, createdAt: new Date(logtoNow(behaviour)).toISOString(), ...about }
  const hooks = tenant.hooks.filter((hook) => hook.enabled && isFor(hook, event))
  return Promise.all(
    hooks.map(async ({ id: hookId, config: { url, headers }, signingKey }) => {
      const at = Date.now()
      const body = JSON.stringify({ ...payload, hookId })
      const signature = createHmac('sha256', signingKey).update(body).digest('hex')
      const request = {
        method: 'POST',
        headers: {
          'user-agent': 'Logto (https://logto.io/)',
          'content-type': 'application/json',
          ...headers,
          'logto-signature-sha-256': signature,
        },
        body,
      }
      const end = await callApp(url, request, {
        ended: eventLog.callLog.sent('logto', url, [['event', event]]),
      })
      const delivery = { at, hookId, event, userId, url, ...end }
      keep(eventLog.webhookDeliveries, delivery)
      return delivery
    }),
  )
}

/** The one event of an old hook counts only where there is no list. */
const isFor = (hook: Hook, event: HookEvent) =>
  hook.events.length > 0 ? hook.events.includes(event) : hook.event === event
