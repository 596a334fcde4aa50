import express, { type Express } from 'express'
import type { Logger } from 'pino'
import type { AppConfig } from '../settings/config.ts'
import { authContext } from '../sso/context.ts'
import { securityHeaders } from '../sso/http/answer/security-headers.ts'
import { allowMethods } from '../sso/http/request/allow-methods.ts'
import { baseUrlOnly } from '../sso/http/request/canonical-host.ts'
import { pathHint } from '../sso/http/request/path-hint.ts'
import { proxyHint } from '../sso/http/request/proxy-hint.ts'
import { requestLog } from '../sso/http/request-log.ts'
import { rateLimits } from '../sso/limits/rate-limits.ts'
import type { SharedCounts } from '../sso/limits/redis-counts.ts'
import { routesForLogto, sessionRoutes, signInRoutes } from '../sso/routes.ts'
import { memoryRows } from '../sso/session/backend/memory-backend.ts'
import type { SessionRows } from '../sso/session/backend/session-backend.ts'
import { visitors } from '../sso/session/read-session.ts'
import { sessions } from '../sso/session/session.ts'
import { keepFresh } from '../sso/tokens/fresh-tokens.ts'
import { assets } from '../sso/views/assets.ts'
import { confirmSignOut } from '../sso/views/confirm-sign-out.ts'
import { errorPage, notFound } from '../sso/views/error-page.ts'
import { ownApp } from '../sso/views/own-app.ts'
import { switchLanguage } from '../sso/views/switch-language.ts'
import { speak } from '../sso/views/words.ts'
import { apiRoutes } from './api/routes.ts'
import { health } from './health.ts'
import { home } from './pages/home.ts'
import { navigation } from './pages/navigation.ts'
import { personalPages } from './pages/routes.ts'

/** What the app is handed rather than makes itself. */
export interface Dependencies {
  logger: Logger
  /** Where sessions live; in this process's memory unless told otherwise. */
  rows?: SessionRows
  /** How Logto is called; the platform's `fetch` unless told otherwise. */
  fetch?: typeof fetch
  /** Whether visitors may be sent here now, for `/readyz`; always unless told otherwise. */
  ready?: () => boolean | Promise<boolean>
  /** Where rate limits count, if several processes share them. */
  shared?: SharedCounts
}

/**
 * The whole app: every middleware and route, in the order a request meets them. It listens nowhere.
 *
 * @param config checked settings, with a Logto to talk to
 * @param dependencies what it uses of its surroundings
 */
export function createApp(config: AppConfig, dependencies: Dependencies): Express {
  const { logger, fetch = globalThis.fetch, ready = () => true, shared } = dependencies
  const { rows = memoryRows(config.sessions) } = dependencies
  const { pathname: basePath } = new URL(config.baseUrl)
  const https = config.baseUrl.startsWith('https:')
  const limits = rateLimits(config, { logger, shared })
  const context = authContext(config, { rows, fetch, logger })
  const { store } = context

  const app = ownApp(config)

  app.use(requestLog(logger))
  app.use(speak(config))
  app.use(securityHeaders({ https, logto: config.logto.endpoint }))

  // A router within the app is a detour for every request, and is made only where BASE_URL has a path.
  const routes = basePath === '/' ? app : express.Router()
  const hint = https ? [proxyHint(logger)] : []
  const visitor = [visitors(config, store), keepFresh(context)]
  // First, since most requests are for it.
  routes.all('/', allowMethods('GET', 'HEAD'), hint, visitor, navigation, home(context))
  // At the root too: orchestrators ask the process itself, and know no path of ours.
  for (const path of new Set(['/', basePath]))
    app.use(
      path,
      health(async () => (await ready()) && rows.answers()),
    )
  for (const middleware of hint) app.use(middleware)
  routes.use('/api', visitor, apiRoutes(context))
  routes.all(
    ['/sign-in', '/sign-in/:company', '/sign-up'],
    limits.ofRequests('sign-in'),
    baseUrlOnly(config, logger),
  )
  routes.use(signInRoutes(context))
  routes.use('/assets', allowMethods('GET', 'HEAD'), assets(config))
  routes.all('/language', allowMethods('POST'), switchLanguage(config))
  routes.use(routesForLogto(context, limits))
  // Only here is a session written; everything else reads it, which costs a fraction.
  routes.use(['/callback', '/sign-out'], sessions(config, store))
  routes.use(sessionRoutes(context, limits, confirmSignOut))
  routes.use(visitor, navigation)
  routes.use(personalPages(context))

  if (routes !== app) app.use(basePath, routes).use(pathHint(basePath, logger))
  app.use(notFound)
  app.use(errorPage)
  return app
}
