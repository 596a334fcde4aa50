import { createHash } from 'node:crypto'
import type { Request } from 'express'
import type { AuditEvent } from '../request.ts'
import { visitorAddress } from './request/visitor-address.ts'
import { logOf } from './request-log.ts'

/**
 * Writes one audit line, beside the request's own: what happened, to whom (`sub`), which session (a hash of its ID,
 * which is worth nothing to a reader of the log), from which address, in which request.
 *
 * @param event `session` is the session's ID
 * @returns when the host's hook has heard of it
 */
export async function audit(req: Request, event: AuditEvent): Promise<void> {
  const session = 'session' in event ? { session: sessionReference(event.session) } : {}
  logOf(req).info({ ...event, ...session, address: visitorAddress(req) }, 'audit')
  await req.sso?.onAudit?.(event)
}

/** A session's name in logs and on pages: 12 hexadecimal digits of a hash of its ID. */
export function sessionReference(id: string): string {
  return createHash('sha256').update(id).digest('hex').slice(0, 12)
}
