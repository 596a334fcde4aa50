import { Router } from 'express'
import { z } from 'zod'
import type { Membership } from '../../state/organization.ts'
import { joinOrganization, membershipsOf, membersOf } from '../../state/organizations.ts'
import { userInfoOf } from '../../state/people.ts'
import type { Tenant, User } from '../../state/state.ts'
import { findUser } from '../../state/users.ts'
import { guard, notThere } from '../shared/api-error.ts'
import { sendList } from '../shared/pagination.ts'
import { refuseSearch } from '../shared/refuse-search.ts'
import { viewOf } from './organizations.ts'
import { foreignKeyMissing, Ids } from './relation.ts'

const Added = z.object({ userIds: Ids.nonempty() })
const Replaced = z.object({ userIds: Ids })

/** Who is in an organization, and in which organizations somebody is: list, add, replace, take away. */
export function createMemberRoutes(tenant: Tenant): Router {
  const router = Router()
  const path = '/organizations/:id/users'
  const usersOf = (organizationId: string, userIds: readonly string[]) => {
    const users = userIds.flatMap((id) => findUser(tenant, id) ?? [])
    const isThere = tenant.organizations.some(({ id }) => id === organizationId)
    if (!isThere || users.length < userIds.length) throw foreignKeyMissing()
    return users
  }

  router.get(path, (req, res) => {
    refuseSearch(req)
    const members = membersOf(tenant, req.params.id).map(({ user, membership }) => ({
      ...userInfoOf(user),
      organizationRoles: namedRoles(tenant, membership),
    }))
    sendList(req, res, members, { always: true })
  })
  router.post(path, (req, res) => {
    const { userIds } = guard(Added, 'body', req.body)
    for (const user of usersOf(req.params.id, userIds)) joinOrganization(user, req.params.id, [])
    res.status(201).json({ userIds })
  })
  router.put(path, (req, res) => {
    const { id } = req.params
    const { userIds } = guard(Replaced, 'body', req.body)
    const users = usersOf(id, userIds)
    for (const { user } of membersOf(tenant, id)) if (!users.includes(user)) leave(user, id)
    for (const user of users) joinOrganization(user, id, [])
    res.status(204).end()
  })
  router.delete(`${path}/:userId`, (req, res) => {
    const { id, userId } = req.params
    const user = findUser(tenant, userId)
    if (!user?.organizations.some((membership) => membership.id === id)) throw notThere()
    leave(user, id)
    res.status(204).end()
  })
  router.get('/users/:userId/organizations', (req, res) => {
    const user = findUser(tenant, req.params.userId)
    if (!user) throw notThere()
    const organizations = membershipsOf(tenant, user).map(({ organization, roles }) => ({
      ...viewOf(tenant, organization),
      organizationRoles: roles.map(({ id, name }) => ({ id, name })),
    }))
    res.json(organizations)
  })
  return router
}

const namedRoles = ({ organizationRoles }: Tenant, { roleIds }: Membership) =>
  organizationRoles.filter(({ id }) => roleIds.includes(id)).map(({ id, name }) => ({ id, name }))

function leave(user: User, organizationId: string): void {
  user.organizations = user.organizations.filter(({ id }) => id !== organizationId)
}
