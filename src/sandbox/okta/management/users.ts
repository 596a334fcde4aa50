import { Router } from 'express'
import { textOf } from '../../shared/pages/text-of.ts'
import type { Leaving } from '../leaving/leave.ts'
import { isAssigned } from '../people.ts'
import type { OktaUser, Org } from '../state.ts'
import { ApiError, notFound, validationFailed } from './api-error.ts'
import { requireApp } from './apps.ts'
import { filterBy, sendPage, startsWith } from './list.ts'
import { appUserView } from './views.ts'

const PROPERTIES: Record<string, (person: OktaUser) => string> = {
  id: ({ id }) => id,
  status: ({ status }) => status,
  'profile.login': ({ profile }) => profile.login,
  'profile.email': ({ profile }) => profile.email,
}

/** People: list, read, and what makes them leave. None of it waits for the app to be told. */
export function createUserRoutes(issuer: string, org: Org, leaving: Leaving): Router {
  const router = Router()
  const view = (person: OktaUser) => viewOf(issuer, person)
  /** By ID, or by login. */
  const find = (key: string) => {
    const found = org.users.find(({ id, profile }) => id === key || profile.login === key)
    if (!found) throw notFound(key, 'User')
    return found
  }
  const require = (person: OktaUser, status: OktaUser['status'], act: string) => {
    if (person.status !== status)
      throw validationFailed([['status', `Cannot ${act} a user that is ${person.status}`]])
  }

  router.get('/users', (req, res) => {
    const filtered = filterBy(textOf(req.query, 'filter'), PROPERTIES)
    const searched = filterBy(textOf(req.query, 'search'), PROPERTIES, (text) => text.toLowerCase())
    const asked = textOf(req.query, 'q')
    const found = org.users.filter(
      (person) =>
        filtered(person) &&
        searched(person) &&
        startsWith(asked, person.profile.login, person.profile.displayName),
    )
    sendPage(req, res, found, view, { issuer, defaultLimit: 200, largestLimit: 200 })
  })
  router.get('/users/:userId', (req, res) => {
    res.json(view(find(req.params.userId)))
  })
  router.post('/users/:userId/lifecycle/deactivate', (req, res) => {
    const person = find(req.params.userId)
    if (person.status !== 'DEPROVISIONED') void leaving.deactivate(person)
    res.json({})
  })
  router.post('/users/:userId/lifecycle/suspend', (req, res) => {
    const person = find(req.params.userId)
    require(person, 'ACTIVE', 'suspend')
    void leaving.suspend(person)
    res.json({})
  })
  router.post('/users/:userId/lifecycle/unsuspend', (req, res) => {
    const person = find(req.params.userId)
    require(person, 'SUSPENDED', 'unsuspend')
    void leaving.restore(person)
    res.json({})
  })
  router.post('/users/:userId/lifecycle/activate', (req, res) => {
    const person = find(req.params.userId)
    if (person.status !== 'DEPROVISIONED') {
      throw new ApiError(403, 'E0000016', 'Activation failed because the user is already active')
    }
    void leaving.restore(person)
    res.json({})
  })
  router.delete('/users/:userId', (req, res) => {
    const person = find(req.params.userId)
    // The first call deactivates, the second one deletes.
    void (person.status === 'DEPROVISIONED' ? leaving.delete(person) : leaving.deactivate(person))
    res.status(204).end()
  })
  router.delete('/users/:userId/sessions', (req, res) => {
    void leaving.clearSessions(find(req.params.userId))
    res.status(204).end()
  })
  router.get('/apps/:appId/users/:userId', (req, res) => {
    const app = requireApp(org, req.params.appId)
    const person = find(req.params.userId)
    if (!isAssigned(org, app.credentials.oauthClient.client_id, person.id))
      throw notFound(person.id, 'AppUser')
    res.json(appUserView(issuer, org, app, person))
  })
  router.delete('/apps/:appId/users/:userId', (req, res) => {
    const app = requireApp(org, req.params.appId)
    const person = find(req.params.userId)
    const users = org.assignments.get(app.id)?.users
    if (!users?.has(person.id)) throw notFound(person.id, 'AppUser')
    void leaving.changeMembership(person, () => users.delete(person.id))
    res.status(204).end()
  })
  router.delete('/groups/:groupId/users/:userId', (req, res) => {
    const group = org.groups.find(({ id }) => id === req.params.groupId)
    if (!group) throw notFound(req.params.groupId, 'UserGroup')
    const person = find(req.params.userId)
    void leaving.changeMembership(person, () => group.memberIds.delete(person.id))
    res.status(204).end()
  })
  return router
}

function viewOf(issuer: string, { passwordHash: _hidden, emailVerified: _told, ...person }: OktaUser) {
  const self = `${issuer}/api/v1/users/${person.id}`
  return {
    ...person,
    credentials: { provider: { type: 'OKTA', name: 'OKTA' } },
    _links: { self: { href: self } },
  }
}
