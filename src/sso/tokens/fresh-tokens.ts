import type { Request } from 'express'
import type { Identities } from '../company/identities.ts'
import type { Logto } from '../logto/logto-client.ts'
import { recordOf } from '../request.ts'
import type { SessionStore } from '../session/session-store.ts'
import { checksWithLogto } from './check-with-logto.ts'
import { type RenewalContext, renewSession } from './renew-session.ts'
import { mustRenew } from './renew-tokens.ts'

/**
 * Sees to it that a signed-in person's tokens are fresh before a page is made, and so that Logto still knows them:
 * whoever was suspended or signed out there is out here, at the latest when the access token has run out.
 *
 * @returns a function that gives undefined where there is nothing to wait for
 */
export function freshTokens(
  context: RenewalContext & { logto: Logto; store: SessionStore; identities: Identities },
) {
  const check = checksWithLogto(context)
  return (req: Request): Promise<void> | undefined => {
    const { session } = recordOf(req)
    if (!session) return undefined
    if (mustRenew(session)) return renewSession(req, context)
    check(req, session)
    return undefined
  }
}
