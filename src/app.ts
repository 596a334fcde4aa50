import express, { type Express } from 'express'
import type { Logger } from 'pino'
import { keepFresh } from './auth/keep-fresh.ts'
import { connectLogto } from './auth/logto-client.ts'
import { requireSignIn } from './auth/require-sign-in.ts'
import { sessionRoutes, signInRoutes } from './auth/routes.ts'
import { SignInAttempts } from './auth/sign-in-attempt.ts'
import type { AppConfig } from './config.ts'
import { allowMethods } from './http/allow-methods.ts'
import { requestLog } from './http/request-log.ts'
import { noStore, securityHeaders } from './http/security-headers.ts'
import { assets } from './pages/assets.ts'
import { errorPage, notFound } from './pages/errors.ts'
import { home } from './pages/home.ts'
import { profile } from './pages/profile.ts'
import { confirmSignOut } from './pages/sign-out.ts'
import { useViews } from './pages/views.ts'
import { memoryRows } from './sessions/memory-rows.ts'
import { sessionStore, sessions } from './sessions/session.ts'
import type { SessionRows } from './sessions/session-rows.ts'

/** What the app is handed rather than makes itself. */
export interface Dependencies {
  logger: Logger
  /** Where sessions live; in this process's memory unless told otherwise. */
  rows?: SessionRows
  /** How Logto is called; the platform's `fetch` unless told otherwise. */
  fetch?: typeof fetch
}

/**
 * The whole app: every middleware and route, in the order a request meets them. It listens nowhere.
 *
 * @param config checked settings, with a Logto to talk to
 * @param dependencies what it uses of its surroundings
 */
export function createApp(config: AppConfig, dependencies: Dependencies): Express {
  const { logger, rows = memoryRows(config.sessions), fetch = globalThis.fetch } = dependencies
  const { origin: logtoOrigin } = new URL(config.logto.endpoint)
  const https = config.baseUrl.startsWith('https:')
  const store = sessionStore(config, rows)
  const context = { config, logto: connectLogto(config, fetch), attempts: new SignInAttempts(config), store }

  const app = express()
  app.disable('etag') // every page is one person's own, and never asked for again by its ETag
  app.set('trust proxy', config.trustProxy)
  // Secure cookies go by BASE_URL: TLS usually ends at a proxy, and the last hop cannot tell what the browser sees.
  Object.defineProperty(app.request, 'secure', { get: () => https })
  useViews(app, config)

  const routes = express.Router()
  routes.use('/assets', allowMethods('GET', 'HEAD'), assets(config))
  routes.use(noStore)
  routes.use(signInRoutes(context))
  routes.use(sessions(config, store))
  routes.use(sessionRoutes(context, confirmSignOut))
  routes.use(keepFresh(context))
  routes.all('/', allowMethods('GET', 'HEAD'), home)
  routes.all('/profile', allowMethods('GET', 'HEAD'), requireSignIn(config), profile)

  app.use(requestLog(logger))
  app.use(securityHeaders({ https, formTargets: [logtoOrigin] }))
  app.use(new URL(config.baseUrl).pathname, routes)
  app.use(notFound)
  app.use(errorPage)
  return app
}
