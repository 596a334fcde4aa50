import type { Request, RequestHandler } from 'express'
import { audit } from '../http/audit-log.ts'
import { logOf } from '../http/request-log.ts'
import { RedisRefusesError } from '../redis/redis-away.ts'
import { forgetSession, reloadSession, withoutSession } from '../sessions/session.ts'
import { type SeenSession, signedInSession } from '../sessions/session-data.ts'
import type { AuthContext } from './context.ts'
import { mustRenew, type Renewal, renewTokens } from './renew-tokens.ts'

/**
 * Sees to it that a signed-in person's tokens are fresh before a page is made, and so that Logto still knows them:
 * whoever was suspended or signed out there is out here, at the latest when the access token has run out.
 */
export function keepFresh(context: AuthContext): RequestHandler {
  const renew = renewTokens(context)
  // Of the requests that share a renewal, one writes its line.
  const told = new WeakSet<Renewal>()

  function tell(req: Request, renewal: Renewal, id: string): void {
    if (told.has(renewal)) return
    told.add(renewal)
    if (renewal.kind === 'ended') {
      audit(req, { audit: 'ended', by: renewal.by, sub: renewal.session.sub, session: id })
    }
    if (renewal.fault) logOf(req).warn({ err: renewal.fault }, 'tokens were not renewed')
  }

  /** Whether a session may go on without new tokens, as it may while Logto cannot be asked. */
  function hasGrace({ failingSince, freshUntil = 0 }: SeenSession): boolean {
    return Date.now() - (failingSince ?? freshUntil) < context.config.sessions.refreshGrace
  }

  async function refresh(req: Request, session: SeenSession): Promise<void> {
    const { id } = session
    try {
      const renewal = await renew(id)
      tell(req, renewal, id)
      if (renewal.kind === 'kept') await reloadSession(req)
      else await forgetSession(req)
    } catch (error) {
      // New tokens that could not be kept would be lost: nobody asks for any until the store takes writes again.
      if (error instanceof RedisRefusesError && hasGrace(session)) return
      withoutSession(req, error)
    }
  }

  return (req, _res, next) => {
    const session = signedInSession(req)
    if (!session || !mustRenew(session)) return next()
    refresh(req, session).then(() => next(), next)
  }
}
