import { Router } from 'express'
import { z } from 'zod'
import { EXTENDED_CLAIMS, type Tenant } from '../state/state.ts'
import { ApiError, guard } from './shared/api-error.ts'

export const IdTokenConfig = z.object({ enabledExtendedClaims: z.array(z.enum(EXTENDED_CLAIMS)) })

/** Which of the extended claims this tenant's ID tokens have: read, set. */
export function createIdTokenConfigRoutes({ idToken }: Tenant): Router {
  const router = Router()
  const view = () => ({ enabledExtendedClaims: idToken.enabledExtendedClaims })

  router.get('/configs/id-token', (_req, res) => {
    res.json(view())
  })
  router.put('/configs/id-token', (req, res) => {
    const { enabledExtendedClaims } = guard(IdTokenConfig, 'body', req.body)
    if (!idToken.isInPlan) {
      const message = 'Subscription limit exceeded. Please upgrade your plan.'
      throw new ApiError(403, 'subscription.limit_exceeded', message)
    }
    idToken.enabledExtendedClaims = enabledExtendedClaims
    res.json(view())
  })
  return router
}
