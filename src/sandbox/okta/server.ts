import express, { type Express } from 'express'
import type { CallLog } from '../shared/call-log.ts'
import { createPageApp, endPageApp } from '../shared/pages/page-app.ts'
import { allowProviderScript } from '../shared/pages/page-headers.ts'
import { createBrowserSessions } from '../shared/provider/browser-sessions.ts'
import { createLoginRoutes, type LoginContext } from '../shared/provider/login.ts'
import { homeOf } from './clients.ts'
import { createConsole } from './console.ts'
import { createDashboard } from './dashboard.ts'
import { NOT_ASSIGNED } from './errors.ts'
import { createLeaving, type Leaving } from './leaving/leave.ts'
import { createManagementApi } from './management/router.ts'
import { isAssigned, signInPerson } from './people.ts'
import { createOktaProvider } from './provider.ts'
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
  pages: LoginContext,
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
  const sessions = createBrowserSessions(provider)
  app.use(createDashboard(issuer, org, sessions, pages.directory))
  app.use(createConsole(issuer, org, sessions))
  app.use(
    createLoginRoutes(provider, pages, {
      look: 'okta',
      signIn: async (username, password) => (await signInPerson(org, username, password))?.id,
      // A difference: the real Okta keeps the session, and refuses this person's next try without asking anything, so
      // that another account needs another browser.
      refusal: (clientId, personId) => (isAssigned(org, clientId, personId) ? undefined : NOT_ASSIGNED),
      home: () => (org.apps.length === 1 ? org.apps.map(homeOf)[0] : undefined),
    }),
  )
  endPageApp(app, 'okta')
  return { app, leaving }
}
