import { createHash } from 'node:crypto'
import type { Request } from 'express'
import { visitorAddress } from './request/visitor-address.ts'
import { logOf } from './request-log.ts'

/** What happened to somebody's access. `by` and `why` are words of ours, such as `backchannel_logout`. */
export type AuditEvent =
  | { audit: 'signed_in'; sub: string; session: string }
  | { audit: 'signed_out'; sub: string; session: string }
  | { audit: 'ended'; by: string; sub: string; session: string }
  | { audit: 'refused'; why: string; sub?: string }

/**
 * Writes one audit line, beside the request's own: what happened, to whom (`sub`), which session (a hash of its ID,
 * which is worth nothing to a reader of the log), from which address, in which request.
 *
 * @param event `session` is the session's ID
 */
export function audit(req: Request, event: AuditEvent): void {
  const session = 'session' in event ? { session: sessionReference(event.session) } : {}
  logOf(req).info({ ...event, ...session, address: visitorAddress(req) }, 'audit')
}

/** A session's name in logs and on pages: 12 hexadecimal digits of a hash of its ID. */
export function sessionReference(id: string): string {
  return createHash('sha256').update(id).digest('hex').slice(0, 12)
}
