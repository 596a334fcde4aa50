import { Router } from 'express'
import { z } from 'zod'
import type { Tenant } from '../../state/state.ts'
import { guard, notThere } from '../shared/api-error.ts'
import { sendList } from '../shared/pagination.ts'
import { addRelationRoutes, alreadyThere, foreignKeyMissing, removeFrom } from './relation.ts'
import { roleView } from './roles.ts'

const Domain = z.object({ emailDomain: z.string().min(1) })
const Domains = z.object({ emailDomains: z.array(z.string()) })

/** Just-in-time provisioning of an organization: through which connectors people join, and in which roles. */
export function createJitRoutes(tenant: Tenant): Router {
  const router = Router()
  const jitOf = (id: string) => tenant.organizations.find((organization) => organization.id === id)?.jit
  const common = { table: 'organizations' }

  addRelationRoutes(router, {
    ...common,
    path: '/organizations/:id/jit/sso-connectors',
    name: 'ssoConnectorIds',
    idsOf: (id) => jitOf(id)?.ssoConnectorIds,
    // Whole, secrets included.
    view: (id) => tenant.ssoConnectors.find((connector) => connector.id === id),
  })
  addRelationRoutes(router, {
    ...common,
    path: '/organizations/:id/jit/roles',
    name: 'organizationRoleIds',
    idsOf: (id) => jitOf(id)?.roleIds,
    view: (id) => {
      const role = tenant.organizationRoles.find((each) => each.id === id)
      return role && roleView(tenant, role)
    },
  })

  const path = '/organizations/:id/jit/email-domains'
  const view = (organizationId: string, emailDomain: string) => ({
    tenantId: tenant.id,
    organizationId,
    emailDomain,
  })
  router.get(path, (req, res) => {
    const { id } = req.params
    const domains = (jitOf(id)?.emailDomains ?? []).map((domain) => view(id, domain))
    sendList(req, res, domains, { always: true })
  })
  router.post(path, (req, res) => {
    const { id } = req.params
    const { emailDomain } = guard(Domain, 'body', req.body)
    const jit = jitOf(id)
    if (!jit) throw foreignKeyMissing()
    if (jit.emailDomains.includes(emailDomain)) throw alreadyThere()
    jit.emailDomains.push(emailDomain)
    res.status(201).json(view(id, emailDomain))
  })
  router.put(path, (req, res) => {
    const { emailDomains } = guard(Domains, 'body', req.body)
    const jit = jitOf(req.params.id)
    if (!jit) throw foreignKeyMissing()
    jit.emailDomains = [...new Set(emailDomains)]
    res.status(204).end()
  })
  router.delete(`${path}/:emailDomain`, (req, res) => {
    const { id, emailDomain } = req.params
    if (!removeFrom(jitOf(id)?.emailDomains ?? [], emailDomain)) throw notThere()
    res.status(204).end()
  })
  return router
}
