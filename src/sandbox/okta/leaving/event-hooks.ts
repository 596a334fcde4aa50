import { randomUUID } from 'node:crypto'
import { type CallEnd, callApp } from '../../shared/call-app.ts'
import type { CallLog } from '../../shared/call-log.ts'
import { secret } from '../../shared/random.ts'
import type { EventHook, Org } from '../state.ts'
import type { LogEvent } from './log-event.ts'

/** Milliseconds that Okta waits for an answer. */
const LIMIT = 3000
const TRIES = 2

/** Who calls the app: an Okta, and the log of what it called. */
export interface Caller {
  org: Org
  issuer: string
  callLog: CallLog
}

/** How one call to the app ended. */
export interface OktaDelivery extends CallEnd {
  /** Milliseconds since 1970, when the last try began. */
  at: number
  way: 'event hook' | 'Universal Logout'
  /** Of an event hook: the types of its events. */
  what: string
  url: string
  tries: number
  /** Milliseconds from what happened at Okta to the app's answer. */
  took: number
}

/** Sends an event to each hook that is active, verified and subscribed to it. */
export function tellHooks(caller: Caller, event: LogEvent): Promise<OktaDelivery[]> {
  const hooks = caller.org.eventHooks.filter(
    ({ status, verificationStatus, events }) =>
      status === 'ACTIVE' && verificationStatus === 'VERIFIED' && events.includes(event.eventType),
  )
  return Promise.all(hooks.map((hook) => deliver(caller, hook, [event])))
}

/** Sends events to a hook: once more where there was no answer or one of 5xx, and not where it was one of 4xx. */
async function deliver(
  { issuer, callLog }: Caller,
  hook: EventHook,
  events: LogEvent[],
): Promise<OktaDelivery> {
  const { uri: url, headers, authScheme } = hook.config
  const request = {
    method: 'POST',
    headers: {
      'user-agent': 'Okta-Event-Hooks (sandbox)',
      'content-type': 'application/json',
      ...Object.fromEntries(headers.map(({ key, value }) => [key, value])),
      ...(authScheme && { [authScheme.key]: authScheme.value }),
    },
    body: JSON.stringify({
      eventType: 'com.okta.event_hook',
      eventTypeVersion: '1.0',
      cloudEventsVersion: '0.1',
      source: `${issuer}/api/v1/eventHooks/${hook.id}`,
      eventId: randomUUID(),
      data: { events },
      eventTime: new Date().toISOString(),
      contentType: 'application/json',
    }),
  }
  const what = events.map(({ eventType }) => eventType).join(', ')
  for (let tries = 1; ; tries += 1) {
    const at = Date.now()
    const ended = callLog.sent('okta', url, [['event', what]])
    const end = await callApp(url, request, { limit: LIMIT, ended })
    const again = end.status === undefined || end.status >= 500
    if (again && tries < TRIES) continue
    return {
      at,
      way: 'event hook',
      what,
      url,
      tries,
      took: Date.now() - Date.parse(events[0]?.published ?? ''),
      ...end,
    }
  }
}

/**
 * Asks the hook's address for the proof that it is its owner's.
 *
 * @returns why it is none; undefined where it is one
 */
export async function challenge({ config }: EventHook): Promise<string | undefined> {
  const value = secret(40)
  const headers = { 'x-okta-verification-challenge': value }
  const { status, body, problem } = await callApp(config.uri, { headers }, { limit: LIMIT })
  if (status === undefined) return `${config.uri} does not answer: ${problem}`
  if (status !== 200) return `${config.uri} answers ${status}`
  return verificationIn(body) === value ? undefined : `${config.uri} does not give the challenge back`
}

function verificationIn(body: string): unknown {
  try {
    return JSON.parse(body)?.verification
  } catch {
    return undefined
  }
}
