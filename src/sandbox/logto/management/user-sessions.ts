import { Router } from 'express'
import { z } from 'zod'
import type { PeopleParts } from '../people.ts'
import { endSession, sessionsOf } from '../sessions.ts'
import { guard, notThereToDelete } from './api-error.ts'

const Query = z.object({ revokeGrantsTarget: z.enum(['all', 'firstParty']).optional() })

/** The sessions of a user at Logto: list, end. Neither sends a back-channel logout. */
export function createUserSessionRoutes({ tenant, storage }: PeopleParts): Router {
  const router = Router()

  router.get('/users/:userId/sessions', (req, res) => {
    const { userId } = req.params
    const sessions = storage.sessions().filter(({ accountId }) => accountId === userId)
    res.json({
      sessions: sessions.map(({ exp = 0, iat, jti, uid, kind, loginTs, accountId, authorizations = {} }) => ({
        payload: { exp, iat, jti, uid, kind, loginTs, accountId, authorizations },
        // What was typed and verified at sign-in, of which the sandbox keeps nothing.
        lastSubmission: null,
        clientId: Object.keys(authorizations)[0] ?? null,
        accountId,
        expiresAt: exp * 1000,
      })),
    })
  })
  router.delete('/users/:userId/sessions/:sessionId', (req, res) => {
    const { userId, sessionId } = req.params
    const { revokeGrantsTarget } = guard(Query, 'query', req.query)
    const session = sessionsOf(storage).find(({ uid }) => uid === sessionId)
    if (session?.userId !== userId) throw notThereToDelete()
    endSession({ tenant, storage }, session, revokeGrantsTarget)
    res.status(204).end()
  })
  return router
}
