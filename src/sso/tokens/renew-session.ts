import type { Request } from 'express'
import type { AppConfig } from '../../settings/config.ts'
import type { AuthContext } from '../context.ts'
import { audit } from '../http/audit-log.ts'
import { logOf } from '../http/request-log.ts'
import { RedisRefusesError } from '../redis/redis-away.ts'
import { forgetSession, reloadSession, withoutSession } from '../session/session.ts'
import { type SeenSession, signedInSession } from '../session/session-data.ts'
import type { Renewal } from './renew-tokens.ts'

/** Of the requests that share a renewal, one writes its line. */
const told = new WeakSet<Renewal>()

/**
 * Renews the tokens of a request's session where there is need, and has the request see what came of it: the session
 * with the tokens it has now, or none.
 *
 * @param refused the access token that Logto takes no more, if that is why
 */
export async function renewSession(
  req: Request,
  { config, renew }: Pick<AuthContext, 'config' | 'renew'>,
  refused?: string,
): Promise<void> {
  const session = signedInSession(req)
  if (!session) return
  try {
    const renewal = await renew(session.id, refused)
    tell(req, renewal, session.id)
    if (renewal.kind === 'kept') await reloadSession(req)
    else await forgetSession(req)
  } catch (error) {
    // New tokens that could not be kept would be lost: nobody asks for any until the store takes writes again.
    if (error instanceof RedisRefusesError && hasGrace(config, session)) return
    withoutSession(req, error)
  }
}

/** Whether a session may go on without new tokens, as it may while Logto cannot be asked. */
function hasGrace({ sessions }: AppConfig, { failingSince, freshUntil = 0 }: SeenSession): boolean {
  return Date.now() - (failingSince ?? freshUntil) < sessions.refreshGrace
}

/** Writes down how a renewal ended. */
export function tell(req: Request, renewal: Renewal, id: string): void {
  if (told.has(renewal)) return
  told.add(renewal)
  if (renewal.kind === 'ended') {
    audit(req, { audit: 'ended', by: renewal.by, sub: renewal.session.sub, session: id })
  }
  if (renewal.fault) logOf(req).warn({ err: renewal.fault }, 'tokens were not renewed')
}
