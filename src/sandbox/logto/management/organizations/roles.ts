import { Router } from 'express'
import { logtoId } from '../../../shared/random.ts'
import type { OrganizationRole } from '../../state/organization.ts'
import { resourceScopesOf } from '../../state/organizations.ts'
import type { Tenant } from '../../state/state.ts'
import { scopeView } from '../resources.ts'
import { guard, notFound, notThere, notThereToChange } from '../shared/api-error.ts'
import { OrganizationRoleCreate, OrganizationRolePatch } from '../shared/organization-schemas.ts'
import { sendList } from '../shared/pagination.ts'
import { refuseSearch } from '../shared/refuse-search.ts'
import { addRelationRoutes, alreadyThere, foreignKeyMissing, removeFrom } from './relation.ts'
import { organizationScopeView } from './scopes.ts'

/** Roles of the organization template, and their permissions: list, make, read, change, delete. */
export function createOrganizationRoleRoutes(tenant: Tenant): Router {
  const router = Router()
  const { organizationRoles: roles, organizationScopes: scopes } = tenant
  const find = (id: string) => roles.find((role) => role.id === id)
  const requireFreeName = (name: string | undefined, owner?: OrganizationRole) => {
    if (roles.some((other) => other !== owner && other.name === name)) throw alreadyThere()
  }
  const scopeOf = (id: string) => scopes.find((scope) => scope.id === id)
  const resourceScopeOf = (id: string) => {
    const resource = tenant.apiResources.find((each) => each.scopes.some((scope) => scope.id === id))
    const scope = resource?.scopes.find((each) => each.id === id)
    return resource && scope && scopeView(tenant, resource, scope)
  }

  router.get('/organization-roles', (req, res) => {
    refuseSearch(req)
    const list = roles.map((role) => ({
      ...roleView(tenant, role),
      scopes: role.scopeIds.flatMap((id) => scopeOf(id) ?? []).map(({ id, name }) => ({ id, name })),
      resourceScopes: resourceScopesOf(tenant, role).map(({ scope, resource }) => ({
        id: scope.id,
        name: scope.name,
        resource: { id: resource.id, name: resource.name },
      })),
    }))
    sendList(req, res, list, { always: true })
  })
  router.post('/organization-roles', (req, res) => {
    const given = guard(OrganizationRoleCreate, 'body', req.body)
    const { organizationScopeIds: scopeIds, resourceScopeIds, name, description = null, type } = given
    requireFreeName(name)
    const permissions = { scopeIds: [], resourceScopeIds: [], resourceScopeNames: [] }
    const role: OrganizationRole = { id: logtoId(21), name, description, type, ...permissions }
    // The role stays when one of its permissions is refused, as at Logto: the two are no transaction.
    roles.push(role)
    if (!scopeIds.every(scopeOf) || !resourceScopeIds.every(resourceScopeOf)) throw foreignKeyMissing()
    Object.assign(role, {
      scopeIds: [...new Set(scopeIds)],
      resourceScopeIds: [...new Set(resourceScopeIds)],
    })
    res.status(201).json(roleView(tenant, role))
  })
  router.get('/organization-roles/:id', (req, res) => {
    const role = find(req.params.id)
    if (!role) throw notFound('organization_roles', req.params.id)
    res.json(roleView(tenant, role))
  })
  router.patch('/organization-roles/:id', (req, res) => {
    const change = guard(OrganizationRolePatch, 'body', req.body)
    const role = find(req.params.id)
    if (!role) throw notThereToChange('organization_roles')
    requireFreeName(change.name, role)
    res.json(roleView(tenant, Object.assign(role, change)))
  })
  router.delete('/organization-roles/:id', (req, res) => {
    const role = find(req.params.id)
    if (!role) throw notThere()
    roles.splice(roles.indexOf(role), 1)
    for (const { jit } of tenant.organizations) removeFrom(jit.roleIds, role.id)
    for (const { organizations } of tenant.users)
      for (const { roleIds } of organizations) removeFrom(roleIds, role.id)
    res.status(204).end()
  })

  const common = { table: 'organization_roles' }
  addRelationRoutes(router, {
    ...common,
    path: '/organization-roles/:id/scopes',
    name: 'organizationScopeIds',
    idsOf: (id) => find(id)?.scopeIds,
    view: (id) => {
      const scope = scopeOf(id)
      return scope && organizationScopeView(tenant, scope)
    },
  })
  addRelationRoutes(router, {
    ...common,
    path: '/organization-roles/:id/resource-scopes',
    name: 'scopeIds',
    idsOf: (id) => find(id)?.resourceScopeIds,
    view: resourceScopeOf,
  })
  return router
}

/** A role as the API shows it, without its permissions. */
export const roleView = ({ id: tenantId }: Tenant, { id, name, description, type }: OrganizationRole) => ({
  tenantId,
  id,
  name,
  description,
  type,
})
