import { type ErrorRequestHandler, type Express, type RequestHandler, Router } from 'express'
import type { Logger } from 'pino'
import type { AppConfig } from '../settings/config.ts'
import type { AuthContext } from './context.ts'
import { securityHeaders } from './http/answer/security-headers.ts'
import { allowMethods } from './http/request/allow-methods.ts'
import { baseUrlOnly } from './http/request/canonical-host.ts'
import { proxyHint } from './http/request/proxy-hint.ts'
import { requestLog } from './http/request-log.ts'
import { rateLimits } from './limits/rate-limits.ts'
import type { SharedCounts } from './limits/redis-counts.ts'
import { routesForLogto, sessionRoutes, signInRoutes } from './routes.ts'
import { sessions } from './session/session.ts'
import { assets } from './views/assets.ts'
import { confirmSignOut } from './views/confirm-sign-out.ts'
import { errorPage, notFound } from './views/error-page.ts'
import { ownApp } from './views/own-app.ts'
import { switchLanguage } from './views/switch-language.ts'
import { speak } from './views/words.ts'

/** Where the pages' own needs are, so that a host app keeps its `/assets` and its `/language`. */
const below = '/sso'

/**
 * Every address that `signInApp` answers. Where a part is variable they are patterns, without parameters: one that
 * cannot be decoded is ours to answer, too.
 */
export const ownPaths = [
  '/sign-in',
  /^\/sign-in\/[^/]+\/?$/i,
  '/sign-up',
  '/callback',
  '/sign-out',
  '/backchannel-logout',
  '/webhooks/logto',
  new RegExp(`^${below}/assets/[^/]+$`, 'i'),
  `${below}/language`,
]

/**
 * Signing in and out, for a host app that sends it the requests for `ownPaths`: the routes of `createApp` that are not
 * pages of its own. All of them are answered here, errors included.
 *
 * @param context with the store of the sessions
 * @param surroundings.shared where rate limits count, if several processes share them
 */
export function signInApp(
  context: AuthContext,
  { logger, shared }: { logger: Logger; shared: SharedCounts | undefined },
): RequestHandler {
  const { config, store } = context
  const limits = rateLimits(config, { logger, shared })
  const app = appOfOurOwn(config, logger)

  if (config.baseUrl.startsWith('https:')) app.use(proxyHint(logger))
  app.all(
    ['/sign-in', '/sign-in/:company', '/sign-up'],
    limits.ofRequests('sign-in'),
    baseUrlOnly(config, logger),
  )
  app.use(signInRoutes(context))
  app.use(`${below}/assets`, allowMethods('GET', 'HEAD'), assets(config))
  app.all(`${below}/language`, allowMethods('POST'), switchLanguage(config))
  app.use(routesForLogto(context, limits))
  app.use(
    withSessionsOfOurOwn(
      Router().use(sessions(config, store), sessionRoutes(context, limits, confirmSignOut)),
    ),
  )
  app.use(notFound)
  app.use(errorPage)
  return withinHost(app)
}

/**
 * Answers an error as `signInApp` does, anywhere in a host app.
 *
 * @returns an error handler, for answers that have not begun
 */
export function errorApp(config: AppConfig, logger: Logger): ErrorRequestHandler {
  const errors = new WeakMap<object, unknown>()
  const app = appOfOurOwn(config, logger)
  app.use((req) => {
    throw errors.get(req)
  })
  app.use(errorPage)
  const answer = withinHost(app)
  return (error, req, res, next) => {
    errors.set(req, error)
    return answer(req, res, next)
  }
}

/** An app whose `res.render`, `req.secure`, settings and headers are ours, whatever a host app has made of its own. */
function appOfOurOwn(config: AppConfig, logger: Logger): Express {
  const https = config.baseUrl.startsWith('https:')
  const app = ownApp(config, below)
  app.use(requestLog(logger))
  app.use(speak(config))
  app.use(securityHeaders({ https, logto: config.logto.endpoint }))
  return app
}

/**
 * Has an app of our own answer in a host app. It is not mounted there, for it would take over the host's `app.response`
 * as its base; and it gets `res.locals` of its own, where a host may have a `t` and a `signedIn` that mean other things.
 * Who its proxies are, the host knows best.
 */
function withinHost(app: Express): RequestHandler {
  return (req, res, next) => {
    const hosts = req.app.get('trust proxy')
    if (hosts) app.set('trust proxy', hosts)
    res.locals = Object.create(null)
    app(req, res, next)
  }
}

const nothing = { value: undefined, writable: true }

/**
 * express-session leaves a request alone that has a session, and a host app's may have been there before. So ours gets
 * a request on which there is none, and what it puts there the host's does not see.
 */
function withSessionsOfOurOwn(router: Router): RequestHandler {
  return (req, res, next) => {
    const withoutAny = Object.create(req, { session: nothing, sessionID: nothing, sessionStore: nothing })
    router(Object.create(withoutAny), res, next)
  }
}
