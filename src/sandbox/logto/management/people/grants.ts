import { Router } from 'express'
import { z } from 'zod'
import { findApplication } from '../../state/applications.ts'
import type { PeopleParts } from '../../state/people.ts'
import { ApiError, guard } from '../shared/api-error.ts'

const Query = z.object({ appType: z.enum(['firstParty', 'thirdParty']).optional() })

/** What a user has granted to applications: list, revoke. No back-channel logout is sent. */
export function createUserGrantRoutes({ tenant, storage }: PeopleParts): Router {
  const router = Router()

  router.get('/users/:userId/grants', (req, res) => {
    const { appType } = guard(Query, 'query', req.query)
    const grants = storage.grants(req.params.userId).flatMap((grant) => {
      const { jti: id = '', clientId = '', exp = 0, iat, kind, accountId } = grant
      const application = findApplication(tenant, clientId)
      if (!application || (appType && application.isThirdParty !== (appType === 'thirdParty'))) return []
      return {
        id,
        payload: { exp, iat, jti: id, kind, clientId, accountId },
        expiresAt: exp * 1000,
        application: { id: application.id, name: application.name },
      }
    })
    res.json({ grants })
  })
  router.delete('/users/:userId/grants/:grantId', (req, res) => {
    const { userId, grantId } = req.params
    if (!storage.grants(userId).some(({ jti }) => jti === grantId)) {
      throw new ApiError(404, 'oidc.invalid_grant', 'Grant request is invalid.')
    }
    storage.endGrant(grantId)
    res.status(204).end()
  })
  return router
}
