import { Router } from 'express'
import { z } from 'zod'
import { logtoId } from '../../shared/random.ts'
import { MANAGEMENT_ROLE } from '../state/management-api.ts'
import type { Role, Tenant } from '../state/state.ts'
import { assertAssignable } from './role-scopes.ts'
import { ApiError, guard, notFound } from './shared/api-error.ts'
import { sendList } from './shared/pagination.ts'
import { refuseSearch } from './shared/refuse-search.ts'
import { RoleCreate, RoleType } from './shared/schemas.ts'

const Query = z.object({ type: RoleType.optional() })

/** Of those who have a role, so many are shown. */
const FEATURED = 3

/** Names that begin so are Logto's own, and the database refuses them. */
const INTERNAL = '#internal:'

/** Roles: list, make, read; Logto's own is among them. */
export function createRoleRoutes(tenant: Tenant): Router {
  const router = Router()
  const allRoles = () => [MANAGEMENT_ROLE, ...tenant.roles]

  router.get('/roles', (req, res) => {
    refuseSearch(req, ['type'])
    const { type } = guard(Query, 'query', req.query)
    const roles = allRoles().filter((role) => type === undefined || role.type === type)
    sendList(
      req,
      res,
      roles.map((role) => ({ ...roleView(tenant, role), ...bearersOf(tenant, role) })),
      { always: true },
    )
  })
  router.post('/roles', (req, res) => {
    const { scopeIds = [], ...given } = guard(RoleCreate, 'body', req.body)
    if (allRoles().some(({ name }) => name === given.name)) {
      throw new ApiError(422, 'role.name_in_use', `This role name ${given.name} is already in use`)
    }
    if (given.name.startsWith(INTERNAL)) throw internalRole()
    const role: Role = { id: logtoId(21), type: 'User', isDefault: false, ...given, scopeIds: [] }
    // The role stays when one of its permissions is refused, as at Logto: the two are no transaction.
    tenant.roles.push(role)
    assertAssignable(tenant, role, scopeIds)
    role.scopeIds = [...scopeIds]
    res.json(roleView(tenant, role))
  })
  router.get('/roles/:id', (req, res) => {
    const role = allRoles().find(({ id }) => id === req.params.id)
    if (!role) throw notFound('roles', req.params.id)
    res.json(roleView(tenant, role))
  })
  return router
}

function roleView({ id: tenantId }: Tenant, { scopeIds: _apart, ...role }: Role) {
  return { tenantId, ...role }
}

/** Who has a role: of machines, those that may use the Management API. */
function bearersOf({ users, applications }: Tenant, { id, name, type }: Role) {
  const bearers = type === 'User' ? users.filter(({ roles }) => roles.includes(name)) : []
  const machines = id === MANAGEMENT_ROLE.id ? applications.filter(({ isAdmin }) => isAdmin) : []
  return {
    usersCount: bearers.length,
    featuredUsers: bearers
      .slice(0, FEATURED)
      .map((user) => ({ id: user.id, avatar: user.avatar, name: user.name })),
    applicationsCount: machines.length,
    featuredApplications: machines
      .slice(0, FEATURED)
      .map((machine) => ({ id: machine.id, name: machine.name, type: machine.type })),
  }
}

const internalRole = () =>
  new ApiError(
    403,
    'role.internal_role_violation',
    'You may be trying to update or delete an internal role which is forbidden by Logto. If you are creating a new role, try another name that does not start with "#internal:".',
  )
