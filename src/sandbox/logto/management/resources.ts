import { Router } from 'express'
import { z } from 'zod'
import { logtoId } from '../../shared/random.ts'
import { isManagementApi } from '../state/management-api.ts'
import type { ApiResource, Permission, Tenant } from '../state/state.ts'
import { ApiError, guard, notFound } from './shared/api-error.ts'
import { sendList } from './shared/pagination.ts'
import { refuseSearch } from './shared/refuse-search.ts'
import { ResourceCreate, ScopeCreate } from './shared/schemas.ts'

const Query = z.object({ includeScopes: z.string().optional() })

/** What Logto takes for a yes. */
const YES = ['1', 'true', 'yes', 'y']

/** API resources and their permissions: list, make, read. */
export function createResourceRoutes(tenant: Tenant): Router {
  const router = Router()
  const find = (id: string) => {
    const resource = tenant.apiResources.find((candidate) => candidate.id === id)
    if (!resource) throw notFound('resources', id)
    return resource
  }

  router.get('/resources', (req, res) => {
    const { includeScopes = '' } = guard(Query, 'query', req.query)
    const withScopes = YES.includes(includeScopes.toLowerCase())
    sendList(
      req,
      res,
      tenant.apiResources.map((resource) => ({
        ...resourceView(tenant, resource),
        ...(withScopes && { scopes: resource.scopes.map((scope) => scopeView(tenant, resource, scope)) }),
      })),
    )
  })
  router.post('/resources', (req, res) => {
    const { accessTokenTtl = 3600, ...given } = guard(ResourceCreate, 'body', req.body)
    if (tenant.apiResources.some(({ indicator }) => indicator === given.indicator)) {
      const message = `The API identifier ${given.indicator} is already in use`
      throw new ApiError(422, 'resource.resource_identifier_in_use', message)
    }
    const resource: ApiResource = { id: logtoId(21), ...given, isDefault: false, accessTokenTtl, scopes: [] }
    tenant.apiResources.push(resource)
    res.status(201).json({ ...resourceView(tenant, resource), scopes: [] })
  })
  router.get('/resources/:id', (req, res) => {
    res.json(resourceView(tenant, find(req.params.id)))
  })
  router.get('/resources/:id/scopes', (req, res) => {
    refuseSearch(req)
    // Logto looks for the scopes alone, and finds none of a resource that there is not.
    const resource = tenant.apiResources.find(({ id }) => id === req.params.id)
    const scopes = resource?.scopes.map((scope) => scopeView(tenant, resource, scope)) ?? []
    sendList(req, res, scopes, { always: true })
  })
  router.post('/resources/:id/scopes', (req, res) => {
    const { name, description = null } = guard(ScopeCreate, 'body', req.body)
    if (/\s/.test(name)) {
      throw new ApiError(400, 'scope.name_with_space', 'The name of the scope cannot contain any spaces.')
    }
    const resource = find(req.params.id)
    if (isManagementApi(resource.indicator)) {
      throw new ApiError(400, 'resource.cannot_modify_management_api', 'Cannot modify Logto management API.')
    }
    if (resource.scopes.some((other) => other.name === name)) {
      throw new ApiError(422, 'scope.name_exists', `The scope name ${name} is already in use`)
    }
    const scope: Permission = { id: logtoId(21), name, description, createdAt: Date.now() }
    resource.scopes.push(scope)
    res.status(201).json(scopeView(tenant, resource, scope))
  })
  return router
}

/** A resource as the API shows it, without its permissions. */
export function resourceView({ id: tenantId }: Tenant, resource: ApiResource) {
  const { scopes: _apart, ...rest } = resource
  return { tenantId, ...rest }
}

/** A permission as the API shows it. */
export const scopeView = ({ id: tenantId }: Tenant, { id: resourceId }: ApiResource, scope: Permission) => ({
  tenantId,
  resourceId,
  ...scope,
})
