import { Router } from 'express'
import { logtoId } from '../../../shared/random.ts'
import type { OrganizationScope } from '../../state/organization.ts'
import type { Tenant } from '../../state/state.ts'
import { guard, notFound, notThere, notThereToChange } from '../shared/api-error.ts'
import { OrganizationScopeCreate, OrganizationScopePatch } from '../shared/organization-schemas.ts'
import { sendList } from '../shared/pagination.ts'
import { refuseSearch } from '../shared/refuse-search.ts'
import { alreadyThere, removeFrom } from './relation.ts'

/** Permissions of the organization template: list, make, read, change, delete. */
export function createOrganizationScopeRoutes(tenant: Tenant): Router {
  const router = Router()
  const scopes = tenant.organizationScopes
  const find = (id: string) => scopes.find((scope) => scope.id === id)
  const requireFreeName = (name: string | undefined, owner?: OrganizationScope) => {
    if (scopes.some((other) => other !== owner && other.name === name)) throw alreadyThere()
  }

  router.get('/organization-scopes', (req, res) => {
    refuseSearch(req)
    const list = scopes.map((scope) => organizationScopeView(tenant, scope))
    sendList(req, res, list, { always: true })
  })
  router.post('/organization-scopes', (req, res) => {
    const { name, description = null } = guard(OrganizationScopeCreate, 'body', req.body)
    requireFreeName(name)
    const scope = { id: logtoId(21), name, description }
    scopes.push(scope)
    res.status(201).json(organizationScopeView(tenant, scope))
  })
  router.get('/organization-scopes/:id', (req, res) => {
    const scope = find(req.params.id)
    if (!scope) throw notFound('organization_scopes', req.params.id)
    res.json(organizationScopeView(tenant, scope))
  })
  router.patch('/organization-scopes/:id', (req, res) => {
    const change = guard(OrganizationScopePatch, 'body', req.body)
    const scope = find(req.params.id)
    if (!scope) throw notThereToChange('organization_scopes')
    requireFreeName(change.name, scope)
    res.json(organizationScopeView(tenant, Object.assign(scope, change)))
  })
  router.delete('/organization-scopes/:id', (req, res) => {
    const scope = find(req.params.id)
    if (!scope) throw notThere()
    scopes.splice(scopes.indexOf(scope), 1)
    for (const { scopeIds } of tenant.organizationRoles) removeFrom(scopeIds, scope.id)
    res.status(204).end()
  })
  return router
}

export const organizationScopeView = ({ id: tenantId }: Tenant, scope: OrganizationScope) => ({
  tenantId,
  ...scope,
})
