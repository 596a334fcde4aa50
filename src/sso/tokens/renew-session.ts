import type { Request } from 'express'
import type { AppConfig } from '../../settings/config.ts'
import { ForeignIdentityError } from '../company/own-domains.ts'
import { RedisRefusesError } from '../redis/redis-away.ts'
import { audit, recordOf } from '../request.ts'
import type { ActiveSession } from '../session/session-data.ts'
import { type Sessions, withoutSession } from '../session/sessions.ts'
import type { Renew, Renewal } from './renew-tokens.ts'

/** What renews the session of a request. */
export interface RenewalContext {
  config: AppConfig
  renew: Renew
  sessions: Sessions
}

/** Of the requests that share a renewal, one writes its line. */
const logged = new WeakSet<Renewal>()

/**
 * Renews the tokens of a request's session where there is need, and has the request see what came of it: the session
 * with the tokens it has now, or none.
 *
 * @param refused the access token that Logto takes no more, if that is why
 */
export async function renewSession(
  req: Request,
  { config, renew, sessions }: RenewalContext,
  refused?: string,
): Promise<void> {
  const session = recordOf(req).session
  if (!session) return
  try {
    const renewal = await renew(session.id, refused)
    await logRenewal(req, renewal, session.id)
    if (renewal.kind === 'kept') await sessions.reload(req)
    else await sessions.forget(req)
  } catch (error) {
    // New tokens that could not be kept would be lost: nobody asks for any until the store takes writes again.
    if (error instanceof RedisRefusesError && hasGrace(config, session)) return
    withoutSession(req, error)
  }
}

/** Whether a session may go on without new tokens, as it may while Logto cannot be asked. */
function hasGrace({ sessions }: AppConfig, { failingSince, freshUntil = 0 }: ActiveSession): boolean {
  return Date.now() - (failingSince ?? freshUntil) < sessions.refreshGrace
}

/** Writes down how a renewal ended. */
export async function logRenewal(req: Request, renewal: Renewal, id: string): Promise<void> {
  if (logged.has(renewal)) return
  logged.add(renewal)
  if (renewal.kind === 'ended') {
    const { by, session, fault } = renewal
    const companies = fault instanceof ForeignIdentityError ? fault.companies : {}
    await audit(req, { audit: 'ended', by, ...companies, sub: session.claims.sub, session: id })
  }
  if (renewal.fault) recordOf(req).log.warn({ err: renewal.fault }, 'tokens were not renewed')
}
