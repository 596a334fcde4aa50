import express, { type Express } from 'express'
import type { CallLog } from '../shared/call-log.ts'
import { createPageApp, endPageApp } from '../shared/pages/page-app.ts'
import { allowProviderScript } from '../shared/pages/page-headers.ts'
import { createConsole } from './console/console.ts'
import { createDashboard } from './dashboard.ts'
import { createLeaving, type Leaving } from './leaving/leave.ts'
import { createLoginRoutes, type OktaPagesContext } from './login.ts'
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
  callLog: CallLog,
  pages: OktaPagesContext,
): Promise<{ app: Express; leaving: Leaving }> {
  const { provider, key, endSessions } = await createOktaProvider(issuer, org)
  const leaving = createLeaving({ issuer, org, callLog, key, endSessions })
  const answerOidc = provider.callback()
  const app = createPageApp()
  app.use(callLog.recorder('okta'))
  app.use((req, res, next) => {
    if (!PROVIDER_PATHS.test(req.path)) return next()
    allowProviderScript(res)
    return answerOidc(req, res)
  })
  app.use('/api/v1', createManagementApi(issuer, org, leaving))
  app.use(express.urlencoded({ extended: false, limit: '10kb' }))
  const sessions = createOktaSessions(provider)
  app.use(createDashboard(issuer, org, sessions, pages.directory))
  app.use(createConsole(issuer, org, sessions))
  app.use(createLoginRoutes(provider, org, pages))
  endPageApp(app, 'okta')
  return { app, leaving }
}
