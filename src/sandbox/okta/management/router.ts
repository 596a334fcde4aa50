import express, { type NextFunction, type Request, type Response, Router } from 'express'
import type { Leaving } from '../leaving/leave.ts'
import type { Org } from '../state.ts'
import { ApiError, malformedBody } from './api-error.ts'
import { createAppRoutes } from './apps.ts'
import { requireApiToken } from './auth.ts'
import { createEventHookRoutes } from './event-hooks.ts'
import { createGroupRoutes } from './groups.ts'
import { tellRateLimit } from './rate-limit.ts'
import { createUserRoutes } from './users.ts'

/** The part of Okta's Management API that a provisioning tool calls, and what makes people leave, over the org the sandbox runs on. */
export function createManagementApi(issuer: string, org: Org, leaving: Leaving): Router {
  const router = Router()
  router.use(tellRateLimit, (_req, res, next) => {
    res.set('Cache-Control', 'no-store')
    next()
  })
  router.use(requireApiToken(org), express.json({ limit: '1mb' }))
  router.use(createAppRoutes(issuer, org), createGroupRoutes(issuer, org))
  router.use(createEventHookRoutes(issuer, org), createUserRoutes(issuer, org, leaving))
  router.use((req) => {
    throw new ApiError(404, 'E0000007', `Not found: Resource not found: ${req.path} (Endpoint)`)
  })
  router.use((error: Error & { status?: number }, _req: Request, res: Response, next: NextFunction) => {
    if (error instanceof ApiError) error.send(res)
    else if (error.status && error.status < 500) malformedBody().send(res)
    else next(error)
  })
  return router
}
