import express, { type Express } from 'express'
import type { Journey } from '../shared/pages/journey.ts'
import { createPageApp, endPageApp } from '../shared/pages/page-app.ts'
import { allowProviderScript } from '../shared/pages/page-headers.ts'
import { createDashboard } from './dashboard.ts'
import { createLeaving, type Leaving } from './leaving/leave.ts'
import { createLoginRoutes } from './login.ts'
import { createManagementApi } from './management/router.ts'
import { createOktaProvider } from './provider.ts'
import { createOktaSessions } from './session.ts'
import type { Org } from './state.ts'

const PROVIDER_PATHS = /^\/(oauth2|\.well-known)\//

/**
 * Okta in miniature: the org's OpenID provider with Okta's paths, its sign-in page, its dashboard and its API, over one
 * org.
 */
export async function createOktaApp(
  issuer: string,
  org: Org,
  journey: Journey,
): Promise<{ app: Express; leaving: Leaving }> {
  const { provider, key, endSessions } = await createOktaProvider(issuer, org)
  const leaving = createLeaving({ issuer, org, key, endSessions })
  const answerOidc = provider.callback()
  const app = createPageApp()
  app.use(journey.recorder('okta'))
  app.use((req, res, next) => {
    if (!PROVIDER_PATHS.test(req.path)) return next()
    allowProviderScript(res)
    return answerOidc(req, res)
  })
  app.use('/api/v1', createManagementApi(issuer, org, leaving))
  app.use(express.urlencoded({ extended: false, limit: '10kb' }))
  app.use(createDashboard(issuer, org, createOktaSessions(provider)))
  app.use(createLoginRoutes(provider, org))
  endPageApp(app, 'okta')
  return { app, leaving }
}
