import type { Request } from 'express'
import { AppError } from '../http/app-error.ts'
import type { OwnSessions } from '../interface.ts'
import { audit, sessionOf, sessionReference } from '../request.ts'
import { isSignedIn } from '../session/session-data.ts'
import type { KnownSession, SessionStore } from '../session/session-store.ts'
import type { Sessions } from '../session/sessions.ts'
import { storeUnavailable } from '../session/store-unavailable.ts'

/** The sessions of whoever is signed in, by what the store has. */
export function ownSessions({ store, sessions }: { store: SessionStore; sessions: Sessions }): OwnSessions {
  const mine = async (req: Request): Promise<KnownSession[]> =>
    (await store.find(`sub:${sessionOf(req).claims.sub}`).catch(away)).filter(({ session }) =>
      isSignedIn(session),
    )

  async function endEach(req: Request, ended: readonly KnownSession[]): Promise<void> {
    for (const { id, session } of ended) {
      // Somebody may have been faster.
      if (!(await store.end(id).catch(away))) continue
      await audit(req, { audit: 'ended', by: 'ended_by_person', sub: session.claims?.sub ?? '', session: id })
    }
  }

  return {
    async list(req) {
      const { id: current } = sessionOf(req)
      return (await mine(req))
        .map(({ id, session: { startedAt = 0, tokensAt = 0, seenAt = 0, endsAt = 0, from = {} } }) => ({
          reference: sessionReference(id),
          isThis: id === current,
          since: new Date(startedAt),
          // Tokens are renewed only for somebody who is there.
          lastSeen: new Date(id === current ? Date.now() : Math.max(startedAt, tokensAt, seenAt)),
          until: new Date(endsAt),
          ...from,
        }))
        .sort((a, b) => Number(b.isThis) - Number(a.isThis) || b.since.getTime() - a.since.getTime())
    },
    async end(req, res, ...references) {
      const found = (await mine(req)).filter(({ id }) => references.includes(sessionReference(id)))
      if (found.length === 0 || found.length < new Set(references).size) {
        throw new AppError({ status: 404, code: 'no_such_session' })
      }
      const { id: current } = sessionOf(req)
      await endEach(
        req,
        found.filter(({ id }) => id !== current),
      )
      if (found.some(({ id }) => id === current)) await sessions.end(req, res).catch(away)
    },
    async endOthers(req) {
      const { id: current } = sessionOf(req)
      await endEach(
        req,
        (await mine(req)).filter(({ id }) => id !== current),
      )
    },
  }
}

function away(error: unknown): never {
  throw storeUnavailable(error)
}
