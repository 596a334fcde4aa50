import { Router } from 'express'
import { z } from 'zod'
import { organizationPermissions, rolesThere } from '../../oidc/organization-tokens.ts'
import type { Membership } from '../../state/organization.ts'
import { joinOrganization } from '../../state/organizations.ts'
import type { Tenant } from '../../state/state.ts'
import { findUser } from '../../state/users.ts'
import { ApiError, guard, notThere } from '../shared/api-error.ts'
import { sendList } from '../shared/pagination.ts'
import { foreignKeyMissing, Ids, removeFrom, sendCreated } from './relation.ts'
import { roleView } from './roles.ts'
import { organizationScopeView } from './scopes.ts'

const Assigned = z.object({ userIds: Ids.nonempty(), organizationRoleIds: Ids.nonempty() })
const Given = z.object({ organizationRoleIds: Ids.default([]), organizationRoleNames: Ids.default([]) })

/** The roles of an organization's members, and what they open. */
export function createMemberRoleRoutes(tenant: Tenant): Router {
  const router = Router()
  const { organizationRoles } = tenant
  const membershipIn = (id: string, userId: string): Membership => {
    const membership = findUser(tenant, userId)?.organizations.find((each) => each.id === id)
    if (membership) return membership
    const message = 'The user must be a member of the organization to proceed.'
    throw new ApiError(422, 'organization.require_membership', message)
  }
  const requireRoles = (ids: readonly string[]) => {
    if (ids.some((id) => !organizationRoles.some((role) => role.id === id))) throw foreignKeyMissing()
  }
  const idsGiven = (body: unknown) => {
    const { organizationRoleIds, organizationRoleNames } = guard(Given, 'body', body)
    const byName = organizationRoleNames.map(
      (name) => organizationRoles.find((role) => role.name === name)?.id,
    )
    if (byName.includes(undefined)) {
      const message = 'Some of the organization role names are not found.'
      throw new ApiError(422, 'organization.role_names_not_found', message)
    }
    requireRoles(organizationRoleIds)
    return [...new Set([...organizationRoleIds, ...byName.filter((id) => id !== undefined)])]
  }

  router.post('/organizations/:id/users/roles', (req, res) => {
    const { userIds, organizationRoleIds } = guard(Assigned, 'body', req.body)
    requireRoles(organizationRoleIds)
    const users = userIds.map((userId) => findUser(tenant, userId))
    for (const user of users) {
      if (!user?.organizations.some(({ id }) => id === req.params.id)) throw foreignKeyMissing()
    }
    for (const user of users) if (user) joinOrganization(user, req.params.id, organizationRoleIds)
    sendCreated(res)
  })

  const path = '/organizations/:id/users/:userId/roles'
  router.get(path, (req, res) => {
    const { roleIds } = membershipIn(req.params.id, req.params.userId)
    const roles = organizationRoles.filter(({ id }) => roleIds.includes(id))
    sendList(
      req,
      res,
      roles.map((role) => roleView(tenant, role)),
    )
  })
  router.post(path, (req, res) => {
    const membership = membershipIn(req.params.id, req.params.userId)
    const organizationRoleIds = idsGiven(req.body)
    membership.roleIds = [...new Set([...membership.roleIds, ...organizationRoleIds])]
    res.status(201).json({ organizationRoleIds })
  })
  router.put(path, (req, res) => {
    membershipIn(req.params.id, req.params.userId).roleIds = idsGiven(req.body)
    res.status(204).end()
  })
  router.delete(`${path}/:organizationRoleId`, (req, res) => {
    const { id, userId, organizationRoleId } = req.params
    if (!removeFrom(membershipIn(id, userId).roleIds, organizationRoleId)) throw notThere()
    res.status(204).end()
  })
  router.get('/organizations/:id/users/:userId/scopes', (req, res) => {
    const { id, userId } = req.params
    membershipIn(id, userId)
    const user = findUser(tenant, userId)
    const names = user ? organizationPermissions(tenant, rolesThere(tenant, user, id)) : []
    const scopes = tenant.organizationScopes.filter(({ name }) => names.includes(name))
    res.json(scopes.map((scope) => organizationScopeView(tenant, scope)))
  })
  return router
}
