import { Router } from 'express'
import { signInExperienceOf } from '../experience/well-known.ts'
import type { Tenant } from '../state/state.ts'
import { ApiError, guard } from './shared/api-error.ts'
import { SignInExperiencePatch } from './shared/sign-in-experience-schema.ts'

/** How people sign in to this tenant: read, change. */
export function createSignInExperienceRoutes(tenant: Tenant): Router {
  const router = Router()
  router.get('/sign-in-exp', (_req, res) => {
    res.json(signInExperienceOf(tenant))
  })
  router.patch('/sign-in-exp', (req, res) => {
    const change = guard(SignInExperiencePatch, 'body', req.body)
    if (Object.keys(change).length === 0) {
      // What Logto does not know is dropped, and a change of nothing is refused by its database.
      throw new ApiError(422, 'entity.invalid_input', 'Invalid input. Value list must not be empty.')
    }
    Object.assign(tenant.signInExperience, change)
    res.json(signInExperienceOf(tenant))
  })
  return router
}
