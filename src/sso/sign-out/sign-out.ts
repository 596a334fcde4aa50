import type { Request, Response } from 'express'
import type { Config } from '../../settings/config.ts'
import { addressesAt } from '../addresses.ts'
import { AppError, type ErrorAction } from '../http/app-error.ts'
import type { Handler } from '../http/handler.ts'
import { isForeignNavigation, isForeignPost } from '../http/request/request-kind.ts'
import { recordOf, sessionOf } from '../request.ts'
import type { SessionStore } from '../session/session-store.ts'
import type { Sessions } from '../session/sessions.ts'
import { storeUnavailable } from '../session/store-unavailable.ts'
import type { endAtLogto } from './end-at-logto.ts'
import { endSessions } from './end-sessions.ts'

/** What ends a person's sessions at their own wish. */
interface Context {
  config: Pick<Config, 'baseUrl'>
  store: SessionStore
  sessions: Sessions
  /** Has Logto revoke the tokens of a session that has ended. */
  revoke: (session: object) => void
  /** Sends the browser on to end Logto's session. */
  onward: ReturnType<typeof endAtLogto>
}

/**
 * `GET` and `POST /sign-out`: ends the session here, revokes its refresh token, and sends the browser on to end
 * Logto's session too (OpenID Connect RP-Initiated Logout 1.0 §2), from where it comes back home.
 *
 * @param confirm what to show instead when another site sent the browser here
 */
export function signOut(
  { config, sessions, onward }: Context,
  confirm: (req: Request, res: Response) => void,
): Handler {
  const addresses = addressesAt(config.baseUrl)
  const { origin } = new URL(addresses.home)
  const again: ErrorAction = { href: addresses.signOut, label: 'try_again' }
  return async (req, res) => {
    if (req.method === 'POST' && isForeignPost(req, origin)) {
      throw new AppError({ status: 403, code: 'foreign_origin' })
    }
    if (req.method === 'GET' && isForeignNavigation(req, origin)) return confirm(req, res)

    // First of all, since it must neither wait for Logto nor fail with it.
    const claims = recordOf(req).session?.claims
    await sessions.end(req, res).catch((error) => {
      // The browser has no cookie any more: the next try goes on to Logto, whose back-channel logout ends the row.
      throw storeUnavailable(error, again)
    })
    await onward(res, claims)
  }
}

/** Ends all sessions of whoever is signed in, sign-ins in flight included, and this browser's at Logto. */
export function signOutEverywhere({ store, sessions, revoke, onward }: Context) {
  return async (req: Request, res: Response): Promise<void> => {
    const { claims } = sessionOf(req)
    await sessions.end(req, res).catch(away)
    const all = { store, name: `sub:${claims.sub}`, by: 'ended_by_person' } as const
    for (const { session } of await endSessions(req, all).catch(away)) revoke(session)
    await onward(res, claims, { everywhere: true })
  }
}

function away(error: unknown): never {
  throw storeUnavailable(error)
}
