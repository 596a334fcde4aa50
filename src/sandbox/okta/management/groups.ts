import { Router } from 'express'
import { textOf } from '../../shared/pages/text-of.ts'
import type { OktaGroup, Org } from '../state.ts'
import { notFound } from './api-error.ts'
import { requireApp } from './apps.ts'
import { filterBy, sendPage, startsWith } from './list.ts'
import { assignmentView, groupView } from './views.ts'

const FILTERS: Record<string, (group: OktaGroup) => string> = {
  id: ({ id }) => id,
  type: ({ type }) => type,
}
const SEARCHES = { ...FILTERS, 'profile.name': ({ profile }: OktaGroup) => profile.name }

/** The org's groups, and which of them may use an app. */
export function createGroupRoutes(issuer: string, org: Org): Router {
  const router = Router()
  const requireGroup = (id: string) => {
    const group = org.groups.find((candidate) => candidate.id === id)
    if (!group) throw notFound(id, 'UserGroup')
    return group
  }

  router.get('/groups', (req, res) => {
    const filtered = filterBy(textOf(req.query, 'filter'), FILTERS)
    const searched = filterBy(textOf(req.query, 'search'), SEARCHES)
    const asked = textOf(req.query, 'q')
    const found = org.groups.filter(
      (group) => filtered(group) && searched(group) && startsWith(asked, group.profile.name),
    )
    const paging = { issuer, defaultLimit: 10_000, largestLimit: 10_000 }
    sendPage(req, res, found, (group) => groupView(issuer, group), paging)
  })
  router.get('/apps/:appId/groups/:groupId', (req, res) => {
    const app = requireApp(org, req.params.appId)
    const group = requireGroup(req.params.groupId)
    if (!org.assignments.get(app.id)?.groups.has(group.id)) throw notFound(group.id, 'GroupAppAssignment')
    res.json(assignmentView(issuer, app, group))
  })
  router.put('/apps/:appId/groups/:groupId', (req, res) => {
    const app = requireApp(org, req.params.appId)
    const group = requireGroup(req.params.groupId)
    org.assignments.get(app.id)?.groups.add(group.id)
    res.json(assignmentView(issuer, app, group))
  })
  return router
}
