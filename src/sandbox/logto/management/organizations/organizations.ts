import { Router } from 'express'
import { z } from 'zod'
import type { Organization } from '../../state/organization.ts'
import { addOrganization, membersOf } from '../../state/organizations.ts'
import type { Tenant } from '../../state/state.ts'
import { guard, notFound, notThere, notThereToChange } from '../shared/api-error.ts'
import { OrganizationCreate, OrganizationPatch } from '../shared/organization-schemas.ts'
import { sendList } from '../shared/pagination.ts'
import { refuseSearch } from '../shared/refuse-search.ts'

const Query = z.object({ q: z.string().optional(), showFeatured: z.string().optional() })
const FEATURED = 3

/** Organizations: list, make, read, change, delete. */
export function createOrganizationRoutes(tenant: Tenant): Router {
  const router = Router()
  const find = (id: string) => tenant.organizations.find((organization) => organization.id === id)

  router.get('/organizations', (req, res) => {
    refuseSearch(req, Object.keys(Query.shape))
    const { q = '', showFeatured } = guard(Query, 'query', req.query)
    const asked = q.toLowerCase()
    const found = tenant.organizations.filter(({ id, name }) =>
      [id, name].some((text) => text.toLowerCase().includes(asked)),
    )
    const list = found.map((organization) => ({
      ...viewOf(tenant, organization),
      ...(['1', 'true', 'yes', 'y'].includes(showFeatured ?? '') && featuredOf(tenant, organization)),
    }))
    sendList(req, res, list, { always: true })
  })
  router.post('/organizations', (req, res) => {
    const given = guard(OrganizationCreate, 'body', req.body)
    res.status(201).json(viewOf(tenant, addOrganization(tenant, given)))
  })
  router.get('/organizations/:id', (req, res) => {
    const organization = find(req.params.id)
    if (!organization) throw notFound('organizations', req.params.id)
    res.json(viewOf(tenant, organization))
  })
  router.patch('/organizations/:id', (req, res) => {
    const change = guard(OrganizationPatch, 'body', req.body)
    const organization = find(req.params.id)
    if (!organization) throw notThereToChange('organizations')
    res.json(viewOf(tenant, Object.assign(organization, change)))
  })
  router.delete('/organizations/:id', (req, res) => {
    const organization = find(req.params.id)
    if (!organization) throw notThere()
    tenant.organizations.splice(tenant.organizations.indexOf(organization), 1)
    for (const user of tenant.users)
      user.organizations = user.organizations.filter(({ id }) => id !== organization.id)
    res.status(204).end()
  })
  return router
}

/** An organization as the API shows it. */
export function viewOf({ id: tenantId }: Tenant, { jit: _apart, ...organization }: Organization) {
  return { tenantId, ...organization }
}

function featuredOf(tenant: Tenant, { id }: Organization) {
  const members = membersOf(tenant, id)
  return {
    usersCount: members.length,
    featuredUsers: members.slice(0, FEATURED).map(({ user }) => ({
      id: user.id,
      avatar: user.avatar,
      name: user.name,
    })),
  }
}
