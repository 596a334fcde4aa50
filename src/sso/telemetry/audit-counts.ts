import type { AuditEvent, RequestRecord } from '../request.ts'
import type { Telemetry } from './telemetry.ts'

/** Counts what the audit log hears. Who it was stays there. */
export function countAudited({ count }: Telemetry, event: AuditEvent, { address }: RequestRecord): void {
  if (event.audit === 'signed_in') count('sso.sign_ins', {})
  else if (event.audit === 'signed_out') count('sso.sessions.ended', { by: event.audit })
  else if (event.audit === 'ended') count('sso.sessions.ended', { by: event.by })
  else count('sso.refusals', { address: address ?? 'guard', reason: event.why })
}
