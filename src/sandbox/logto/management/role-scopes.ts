import { Router } from 'express'
import { isManagementApi } from '../state/management-api.ts'
import type { ApiResource, Permission, Role, Tenant } from '../state/state.ts'
import { resourceView, scopeView } from './resources.ts'
import { ApiError, guard, notFound } from './shared/api-error.ts'
import { sendList } from './shared/pagination.ts'
import { refuseSearch } from './shared/refuse-search.ts'
import { RoleScopesCreate } from './shared/schemas.ts'

/** The permissions of a role: list, add. */
export function createRoleScopeRoutes(tenant: Tenant): Router {
  const router = Router()
  const find = (id: string) => {
    const role = tenant.roles.find((candidate) => candidate.id === id)
    if (!role) throw notFound('roles', id)
    return role
  }
  const permissionsOf = ({ scopeIds }: Role) =>
    permissionsIn(tenant).filter(({ scope }) => scopeIds.includes(scope.id))

  router.get('/roles/:id/scopes', (req, res) => {
    refuseSearch(req)
    const listed = permissionsOf(find(req.params.id)).map(({ resource, scope }) => ({
      ...scopeView(tenant, resource, scope),
      resource: resourceView(tenant, resource),
    }))
    sendList(req, res, listed)
  })
  router.post('/roles/:id/scopes', (req, res) => {
    const { scopeIds } = guard(RoleScopesCreate, 'body', req.body)
    const role = find(req.params.id)
    const twice = scopeIds.find((id) => role.scopeIds.includes(id))
    if (twice !== undefined) {
      const message = `The scope id ${twice} has already been added to this role`
      throw new ApiError(422, 'role.scope_exists', message)
    }
    assertAssignable(tenant, role, scopeIds)
    role.scopeIds.push(...scopeIds)
    res.status(201).json(permissionsOf(role).map(({ resource, scope }) => scopeView(tenant, resource, scope)))
  })
  return router
}

/** @throws ApiError for a permission that there is not, and for one of the Management API, which is not for people */
export function assertAssignable(tenant: Tenant, role: Role, scopeIds: readonly string[]): void {
  for (const id of scopeIds) {
    const found = permissionsIn(tenant).find(({ scope }) => scope.id === id)
    if (!found) throw notFound('scopes', id)
    if (role.type !== 'User' || !isManagementApi(found.resource.indicator)) continue
    throw new ApiError(
      400,
      'role.management_api_scopes_not_assignable_to_user_role',
      'Cannot assign management API scopes to a user role.',
    )
  }
}

const permissionsIn = ({ apiResources }: Tenant): Array<{ resource: ApiResource; scope: Permission }> =>
  apiResources.flatMap((resource) => resource.scopes.map((scope) => ({ resource, scope })))
