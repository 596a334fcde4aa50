import { createHmac } from 'node:crypto'
import type { Conduct } from '../control/behaviour.ts'
import { logtoNow } from '../control/clock.ts'
import { type Happenings, keep, type WebhookDelivery } from '../control/event-log.ts'
import type { Hook, Tenant } from '../state/state.ts'
import { callApp } from './call-app.ts'
import type { HookEvent } from './hook-events.ts'

/** What happened to a user, as the call of the Management API that it was or might have been. */
export interface UserEvent {
  event: HookEvent
  userId: string
  method: 'PATCH' | 'DELETE'
  /** After `/users/:userId`. */
  subpath: string
  status: number
  data: Record<string, unknown>
}

/**
 * Tells every enabled hook that is registered for the event, once: a real Logto tries again where the answer is 5xx.
 *
 * @returns how each delivery ended, when all have
 */
export function deliver(
  { tenant, conduct, happenings }: { tenant: Tenant; conduct: Conduct; happenings: Happenings },
  { event, userId, method, subpath, status, data }: UserEvent,
): Promise<WebhookDelivery[]> {
  const told = {
    event,
    createdAt: new Date(logtoNow(conduct)).toISOString(),
    userAgent: 'sandbox',
    ip: '127.0.0.1',
    path: `/users/${userId}${subpath}`,
    method,
    status,
    params: { userId },
    matchedRoute: `/users/:userId${subpath}`,
    data,
  }
  const hooks = tenant.hooks.filter((hook) => hook.enabled && isFor(hook, event))
  return Promise.all(
    hooks.map(async ({ id: hookId, config: { url, headers }, signingKey }) => {
      const at = Date.now()
      const body = JSON.stringify({ ...told, hookId })
      const signature = createHmac('sha256', signingKey).update(body).digest('hex')
      const end = await callApp(
        url,
        {
          'user-agent': 'Logto (https://logto.io/)',
          'content-type': 'application/json',
          ...headers,
          'logto-signature-sha-256': signature,
        },
        body,
      )
      const delivery = { at, hookId, event, userId, url, ...end }
      keep(happenings.webhookDeliveries, delivery)
      return delivery
    }),
  )
}

/** The one event of an old hook counts only where there is no list. */
const isFor = (hook: Hook, event: HookEvent) =>
  hook.events.length > 0 ? hook.events.includes(event) : hook.event === event
