import type { Request } from 'express'
import type { AuditEvent } from '../audit/events.ts'
import { type Company, personOf } from './account/account.ts'
import type { Claims } from './logto/verify/id-token.ts'
import { recordOf, sessionReference } from './request.ts'
import { noTelemetry, type Telemetry } from './telemetry/telemetry.ts'

/**
 * What a host wants to hear of. Each may take two seconds; where it fails or is late, a line says so, and all goes on.
 * `session` is the session's name in logs and in `sessions.list`; it opens nothing.
 */
export interface Hooks {
  /**
   * Somebody has signed in, before their browser goes on: a place to make them a row in a database of one's own.
   *
   * @param event.person the claims of their ID token, as `personOf` has them
   * @param event.company where they come from, as `companyOf` has it
   */
  onSignedIn?: (event: SignedInEvent) => unknown
  /** A session is over. @param event.by what ended it, such as `signed_out`, `backchannel_logout`, `absolute_limit` */
  onSessionEnded?: (event: { sub: string; session: string; by: string }) => unknown
}

export interface SignedInEvent {
  sub: string
  session: string
  person: Claims
  company: Company | undefined
}

/** Milliseconds a hook may take. */
const patience = 2000

/**
 * Has the hooks and the counts hear what the audit log hears of a request's sessions.
 *
 * @param hooks a host's
 * @param companyOf the company of whoever a request has signed in
 * @returns a function that never raises; undefined where nobody wants to hear
 */
export function hear(
  { onSignedIn, onSessionEnded }: Hooks,
  telemetry: Telemetry,
  companyOf: (req: Request) => Company | undefined,
): ((event: AuditEvent, req: Request) => Promise<void>) | undefined {
  if (!onSignedIn && !onSessionEnded && telemetry === noTelemetry) return undefined

  async function call(event: AuditEvent, req: Request): Promise<unknown> {
    if (event.audit === 'refused') return undefined
    const { audit, sub } = event
    const session = sessionReference(event.session)
    if (audit === 'signed_in') {
      const person = personOf(req)
      return person && onSignedIn?.({ sub, session, person, company: companyOf(req) })
    }
    return onSessionEnded?.({ sub, session, by: audit === 'ended' ? event.by : audit })
  }

  return async (event, req) => {
    countAudited(telemetry, event, req)
    try {
      await inTime(call(event, req))
    } catch (error) {
      recordOf(req).log.error({ err: error, event: event.audit }, 'a hook failed')
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
function countAudited({ count }: Telemetry, event: AuditEvent, req: Request): void {
  if (event.audit === 'signed_in') count('sso.sign_ins', {})
  else if (event.audit === 'signed_out') count('sso.sessions.ended', { by: event.audit })
  else if (event.audit === 'ended') count('sso.sessions.ended', { by: event.by })
  else count('sso.refusals', { address: recordOf(req).address ?? 'guard', reason: event.why })
}
