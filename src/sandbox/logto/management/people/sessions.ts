import { Router } from 'express'
import type { AdapterPayload } from 'oidc-provider'
import { z } from 'zod'
import type { PeopleParts } from '../../state/people.ts'
import { endSession, sessionsOf } from '../../state/sessions.ts'
import { guard, notThere } from '../shared/api-error.ts'

const Query = z.object({ revokeGrantsTarget: z.enum(['all', 'firstParty']).optional() })

/** The sessions of a user at Logto: list, read, end. Neither sends a back-channel logout. */
export function createUserSessionRoutes({ tenant, storage }: PeopleParts): Router {
  const router = Router()
  const sessionsOfUser = (userId: string) =>
    storage.sessions().filter(({ accountId }) => accountId === userId)

  router.get('/users/:userId/sessions', (req, res) => {
    res.json({ sessions: sessionsOfUser(req.params.userId).map(viewOf) })
  })
  router.get('/users/:userId/sessions/:sessionId', (req, res) => {
    const { userId, sessionId } = req.params
    const session = sessionsOfUser(userId).find(({ uid }) => uid === sessionId)
    if (!session) throw notThere()
    res.json(viewOf(session))
  })
  router.delete('/users/:userId/sessions/:sessionId', (req, res) => {
    const { userId, sessionId } = req.params
    const { revokeGrantsTarget } = guard(Query, 'query', req.query)
    const session = sessionsOf(storage).find(({ uid }) => uid === sessionId)
    if (session?.userId !== userId) throw notThere()
    endSession({ tenant, storage }, session, revokeGrantsTarget)
    res.status(204).end()
  })
  return router
}

function viewOf(session: AdapterPayload) {
  const { exp = 0, iat, jti, uid, kind, loginTs, accountId, authorizations = {} } = session
  return {
    payload: { exp, iat, jti, uid, kind, loginTs, accountId, authorizations },
    // What was typed and verified at sign-in, of which the sandbox keeps nothing.
    lastSubmission: null,
    clientId: Object.keys(authorizations)[0] ?? null,
    accountId,
    expiresAt: exp * 1000,
  }
}
