import express, { type NextFunction, type Request, type Response, Router } from 'express'
import type { Issuer } from '../oidc/issuer.ts'
import type { PeopleParts } from '../state/people.ts'
import { createApplicationRoutes } from './applications.ts'
import { createHookRoutes } from './hooks.ts'
import { createIdTokenConfigRoutes } from './id-token-config.ts'
import { createIdpInitiatedRoutes } from './idp-initiated.ts'
import { createJitRoutes } from './organizations/jit.ts'
import { createMemberRoleRoutes } from './organizations/member-roles.ts'
import { createMemberRoutes } from './organizations/members.ts'
import { createOrganizationRoutes } from './organizations/organizations.ts'
import { createOrganizationRoleRoutes } from './organizations/roles.ts'
import { createOrganizationScopeRoutes } from './organizations/scopes.ts'
import { createUserGrantRoutes } from './people/grants.ts'
import { createIdentityRoutes } from './people/identities.ts'
import { createUserSessionRoutes } from './people/sessions.ts'
import { createUserRoutes } from './people/users.ts'
import { createResourceRoutes } from './resources.ts'
import { createRoleScopeRoutes } from './role-scopes.ts'
import { createRoleRoutes } from './roles.ts'
import { createSecretRoutes } from './secrets.ts'
import { ApiError, invalidInput } from './shared/api-error.ts'
import { requireManagementToken } from './shared/auth.ts'
import { createSignInExperienceRoutes } from './sign-in-experience.ts'
import { createSigningKeyRoutes } from './signing-keys.ts'
import { createSsoConnectorRoutes } from './sso-connectors.ts'

const COLLECTIONS = [
  '/applications',
  '/sso-connectors',
  '/sso-connector-providers',
  '/sign-in-exp',
  '/hooks',
  '/resources',
  '/roles',
  '/organizations',
  '/organization-roles',
  '/organization-scopes',
  '/users',
  '/configs/oidc',
  '/configs/id-token',
]

/**
 * The part of Logto's Management API that a provisioning tool calls, and what ends people's sessions, over the
 * tenant the sandbox runs on.
 */
export function createManagementApi(endpoint: string, people: PeopleParts, issuer: Issuer): Router {
  const { tenant } = people
  const router = Router()
  router.use(
    COLLECTIONS,
    (_req, res, next) => {
      res.set('Cache-Control', 'no-store')
      next()
    },
    requireManagementToken(endpoint, issuer.keys),
    express.json({ limit: '1mb' }),
  )
  router.use(
    createApplicationRoutes(tenant),
    createSecretRoutes(tenant),
    createSsoConnectorRoutes(endpoint, tenant),
  )
  router.use(createSignInExperienceRoutes(tenant), createHookRoutes(tenant))
  router.use(createResourceRoutes(tenant), createRoleRoutes(tenant), createRoleScopeRoutes(tenant))
  router.use(createUserRoutes(people), createUserSessionRoutes(people), createUserGrantRoutes(people))
  router.use(createOrganizationRoutes(tenant), createJitRoutes(tenant))
  router.use(createMemberRoutes(tenant), createMemberRoleRoutes(tenant))
  router.use(createOrganizationRoleRoutes(tenant), createOrganizationScopeRoutes(tenant))
  router.use(createIdpInitiatedRoutes(tenant))
  router.use(createIdentityRoutes(people), createSigningKeyRoutes(issuer), createIdTokenConfigRoutes(tenant))
  router.use((error: Error & { status?: number }, _req: Request, res: Response, next: NextFunction) => {
    const { status = 500, message } = error
    if (error instanceof ApiError) error.send(res)
    else if (status === 413) new ApiError(status, 'request.general', 'Request error occurred.').send(res)
    else if (status < 500) invalidInput('body', { details: message }).send(res)
    else next(error)
  })
  return router
}
