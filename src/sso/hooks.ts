import type { AuditEvent, RequestRecord } from './request.ts'
import { noTelemetry, type Telemetry } from './telemetry/telemetry.ts'

/** What a host wants to hear of. Each may take two seconds; where it fails or is late, a line says so, and all goes on. */
export interface Hooks {
  /** Somebody has signed in, before their browser goes on: a place to make them a row in a database of one's own. */
  onSignedIn?: (event: { sub: string; session: string }) => unknown
  /** A session is over. @param event.by what ended it, such as `signed_out`, `backchannel_logout`, `absolute_limit` */
  onSessionEnded?: (event: { sub: string; session: string; by: string }) => unknown
}

/** Milliseconds a hook may take. */
const patience = 2000

/**
 * Has the hooks and the counts hear what the audit log hears of a request's sessions.
 *
 * @param hooks a host's
 * @returns a function that never raises; undefined where nobody wants to hear
 */
export function hear(
  { onSignedIn, onSessionEnded }: Hooks,
  telemetry: Telemetry,
): ((event: AuditEvent, record: RequestRecord) => Promise<void>) | undefined {
  if (!onSignedIn && !onSessionEnded && telemetry === noTelemetry) return undefined

  async function call(event: AuditEvent): Promise<unknown> {
    if (event.audit === 'refused') return undefined
    const { audit, sub, session } = event
    if (audit === 'signed_in') return onSignedIn?.({ sub, session })
    return onSessionEnded?.({ sub, session, by: audit === 'ended' ? event.by : audit })
  }

  return async (event, record) => {
    countAudited(telemetry, event, record)
    try {
      await inTime(call(event))
    } catch (error) {
      record.log.error({ err: error, event: event.audit }, 'a hook failed')
    }
  }
}

async function inTime(work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${patience} ms`)), patience)
  })
  await Promise.race([work, late]).finally(() => clearTimeout(timer))
}

/** Counts what the audit log hears. Who it was stays there. */
function countAudited({ count }: Telemetry, event: AuditEvent, { address }: RequestRecord): void {
  if (event.audit === 'signed_in') count('sso.sign_ins', {})
  else if (event.audit === 'signed_out') count('sso.sessions.ended', { by: event.audit })
  else if (event.audit === 'ended') count('sso.sessions.ended', { by: event.by })
  else count('sso.refusals', { address: address ?? 'guard', reason: event.why })
}
