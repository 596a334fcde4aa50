import { Router } from 'express'
import type { Tenant } from '../state.ts'
import { signInExperienceOf } from '../well-known.ts'
import { guard } from './api-error.ts'
import { SignInExperiencePatch } from './schemas.ts'

/** How people sign in to this tenant: read, change. */
export function createSignInExperienceRoutes(tenant: Tenant): Router {
  const router = Router()
  router.get('/sign-in-exp', (_req, res) => {
    res.json(signInExperienceOf(tenant))
  })
  router.patch('/sign-in-exp', (req, res) => {
    Object.assign(tenant.signInExperience, guard(SignInExperiencePatch, 'body', req.body))
    res.json(signInExperienceOf(tenant))
  })
  return router
}
