import type { CallEnd } from '../../shared/call-app.ts'
import type { CallLog } from '../../shared/call-log.ts'

/** What a test counts. Times are milliseconds of this machine's clock; nothing in it is secret. */

export interface TokenRequest {
  at: number
  /** As it was sent; empty where none was. */
  grantType: string
  /** What was answered: a status, a connection reset, or nothing at all. */
  answer: number | 'reset' | 'nothing'
}

export interface WebhookDelivery extends CallEnd {
  at: number
  hookId: string
  event: string
  userId: string
  url: string
}

export interface LogoutDelivery extends CallEnd {
  at: number
  url: string
}

/** Why a connector signed nobody in. */
export interface ConnectorFaultEvent {
  at: number
  problem: string
}

export interface EventLog {
  /** What the control room lists. */
  callLog: CallLog
  connectorFaults: ConnectorFaultEvent[]
  tokenRequests: TokenRequest[]
  webhookDeliveries: WebhookDelivery[]
  logoutDeliveries: LogoutDelivery[]
}

export const createEventLog = (callLog: CallLog): EventLog => ({
  callLog,
  connectorFaults: [],
  tokenRequests: [],
  webhookDeliveries: [],
  logoutDeliveries: [],
})

const KEPT = 10_000

/** Adds to a list, and forgets what is too long ago. */
export function keep<T>(list: T[], event: T): void {
  list.push(event)
  if (list.length > KEPT) list.shift()
}
