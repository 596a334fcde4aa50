import { Router } from 'express'
import { textOf } from '../../shared/pages/text-of.ts'
import { addApp, replaceApp } from '../apps.ts'
import { findAppOfClient } from '../clients.ts'
import type { OktaApp, Org } from '../state.ts'
import { notFound, validationFailed } from './api-error.ts'
import { type AppBody, parseApp } from './app-schema.ts'
import { filterBy, sendPage, startsWith } from './list.ts'
import { appView, appWithSecret } from './views.ts'

/** The org's apps: list, make, read, replace. */
export function createAppRoutes(issuer: string, org: Org): Router {
  const router = Router()

  router.get('/apps', (req, res) => {
    const matches = filterBy<OktaApp>(textOf(req.query, 'filter'), {
      id: ({ id }) => id,
      name: ({ name }) => name,
      status: ({ status }) => status,
    })
    const asked = textOf(req.query, 'q')
    const found = org.apps.filter((app) => matches(app) && startsWith(asked, app.name, app.label))
    const paging = { issuer, defaultLimit: 20, largestLimit: 200 }
    sendPage(req, res, found, (app) => appView(issuer, org, app), paging)
  })
  router.post('/apps', (req, res) => {
    const app = addApp(org, readApp(org, req.body), req.query.activate === 'false' ? 'INACTIVE' : 'ACTIVE')
    res.json(appWithSecret(issuer, org, app))
  })
  router.get('/apps/:appId', (req, res) => {
    res.json(appView(issuer, org, requireApp(org, req.params.appId)))
  })
  router.put('/apps/:appId', (req, res) => {
    const app = requireApp(org, req.params.appId)
    res.json(appWithSecret(issuer, org, replaceApp(app, readApp(org, req.body, app))))
  })
  return router
}

/** @throws ApiError when there is no such app */
export function requireApp(org: Org, id: string): OktaApp {
  const app = org.apps.find((candidate) => candidate.id === id)
  if (!app) throw notFound(id, 'AppInstance')
  return app
}

/** @throws ApiError with everything that is wrong with the body */
function readApp(org: Org, body: unknown, owner?: OktaApp): AppBody {
  const parsed = parseApp(body)
  if ('faults' in parsed) throw validationFailed(parsed.faults)
  const { client_id: clientId } = parsed.app.credentials.oauthClient
  if (clientId === undefined) return parsed.app
  // Made once, an app keeps its client ID.
  if (owner && owner.credentials.oauthClient.client_id !== clientId) {
    throw validationFailed([['client_id', 'The field cannot be changed']])
  }
  if (!owner && findAppOfClient(org, clientId)) {
    throw validationFailed([['client_id', 'The value is already in use']])
  }
  return parsed.app
}
