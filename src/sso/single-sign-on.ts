import type { IdTokenClaims } from '@logto/node'
import { type ErrorRequestHandler, type Request, type RequestHandler, Router } from 'express'
import type { Logger } from 'pino'
import type { AppConfig, Config } from '../settings/config.ts'
import { ConfigError } from '../settings/parse.ts'
import { withoutLogto } from '../settings/rules.ts'
import { authContext } from './context.ts'
import { type Access, type AccessOptions, accessOf, requireAccess } from './guards/require-access.ts'
import { requireOrganization } from './guards/require-organization.ts'
import { requireScope } from './guards/require-scope.ts'
import { requireSignIn } from './guards/require-sign-in.ts'
import { keepOutOfCaches } from './http/answer/keep-out-of-caches.ts'
import { AppError } from './http/app-error.ts'
import { named } from './http/request-log.ts'
import { connectRedis } from './redis/redis-connection.ts'
import { memoryRows } from './session/backend/memory-backend.ts'
import { redisRows } from './session/backend/redis-backend.ts'
import type { SessionRows } from './session/backend/session-backend.ts'
import { visitors } from './session/read-session.ts'
import { visitorOf } from './session/visitor.ts'
import { errorApp, ownPaths, signInApp } from './sign-in-app.ts'
import { keepFresh } from './tokens/fresh-tokens.ts'
import { ownApp } from './views/own-app.ts'

/** Signing in, for an Express app that is there already. */
export interface SingleSignOn {
  /**
   * Answers `/sign-in`, `/callback`, `/sign-out` and the other addresses of ours, and finds out who is there for
   * everything behind it. Mounted where `BASE_URL` says: with `app.use(sso.routes)`, unless that has a path.
   */
  readonly routes: RequestHandler
  /** The claims of whoever is signed in; undefined for a stranger. */
  readonly personOf: (req: Request) => IdTokenClaims | undefined
  /** Lets only signed-in people through. See `guards/require-sign-in.ts`. */
  readonly requireSignIn: RequestHandler
  /** Makes a guard that lets through who is signed in or brings an access token. See `guards/require-access.ts`. */
  readonly requireAccess: (options?: AccessOptions) => RequestHandler
  /** Who asks, behind `requireAccess`. */
  readonly accessOf: (req: Request) => Access
  /** Makes a guard for behind `requireAccess`. See `guards/require-scope.ts`. */
  readonly requireScope: typeof requireScope
  /** Makes a guard for behind `requireAccess`. See `guards/require-organization.ts`. */
  readonly requireOrganization: typeof requireOrganization
  /** Absolute addresses to link to. */
  readonly links: { readonly signIn: string; readonly signUp: string; readonly signOut: string }
  /** Whether to link to `links.signUp`: not where Logto has said that it takes nobody new. */
  readonly canSignUp: () => boolean
  /** Answers what the guards refuse, as a page or as JSON. Any other error goes on to the app's own handler. */
  readonly errors: ErrorRequestHandler
  /** Disconnects from Redis, if need be. */
  readonly close: () => Promise<void>
}

/** What it is handed rather than makes itself. */
interface Surroundings {
  logger: Logger
  /** Where sessions live; at `REDIS_URL`, or else in this process's memory, unless told otherwise. */
  rows?: SessionRows
  /** How Logto is called; the platform's `fetch` unless told otherwise. */
  fetch?: typeof fetch
}

/**
 * Single sign-on for an Express 5 app of one's own, whose parsers, views, sessions, settings and error handlers stay as
 * they are.
 *
 * @param config the settings, as `loadConfig` has checked them
 * @throws ConfigError where no Logto is set
 */
export async function singleSignOn(config: Config, surroundings: Surroundings): Promise<SingleSignOn> {
  if (!hasLogto(config))
    throw new ConfigError(withoutLogto('is not set, and there is no sandbox in an app of your own'))
  const { logger, fetch = globalThis.fetch } = surroundings
  const { redisUrl } = config.sessions
  const redis = redisUrl === undefined ? undefined : await connectRedis({ ...config, url: redisUrl }, logger)
  const ownRows = () => (redis ? redisRows(redis, config.sessions) : memoryRows(config.sessions))
  const { rows = ownRows() } = surroundings
  const context = authContext(config, { rows, fetch, logger })
  const { baseUrl } = config
  const answerError = errorApp(config, logger)

  return {
    routes: Router()
      .use(mountedAt(baseUrl))
      .all(ownPaths, signInApp(context, { logger, shared: redis }))
      .use(named(logger, ownApp(config)), visitors(config, context.store), keepFresh(context)),
    personOf(req) {
      mustHaveRoutes(req)
      keepPersonal(req)
      const visitor = visitorOf(req)
      return visitor.isAuthenticated ? visitor.claims : undefined
    },
    requireSignIn: behindRoutes(requireSignIn(config)),
    requireAccess: (options) => behindRoutes(requireAccess(context, options)),
    accessOf,
    requireScope: (...scopes) => behindRoutes(requireScope(...scopes)),
    requireOrganization: (...asked) => behindRoutes(requireOrganization(...asked)),
    links: { signIn: `${baseUrl}/sign-in`, signUp: `${baseUrl}/sign-up`, signOut: `${baseUrl}/sign-out` },
    canSignUp: context.canSignUp,
    errors(error, req, res, next) {
      if (!(error instanceof AppError) || res.headersSent) return next(error)
      return answerError(error, req, res, next)
    },
    close: async () => redis?.close(),
  }
}

const hasLogto = (config: Config): config is AppConfig => config.logto !== undefined

/** Says where the routes have to be mounted, where they are not: Logto would send people back to another address. */
function mountedAt(baseUrl: string): RequestHandler {
  const { pathname } = new URL(baseUrl)
  const expected = pathname === '/' ? '' : pathname
  const how = expected === '' ? 'app.use(sso.routes)' : `app.use('${expected}', sso.routes)`
  return (req, _res, next) => {
    if (req.baseUrl.toLowerCase() === expected.toLowerCase()) return next()
    throw new Error(
      `sso.routes is mounted at ${req.baseUrl || '/'}, and BASE_URL is ${baseUrl}: write ${how}, or correct BASE_URL`,
    )
  }
}

function mustHaveRoutes(req: Request): void {
  if (!req.told) throw new Error('app.use(sso.routes) has to stand before what asks who is signed in')
}

/** A guard that nobody can mistake for one that works where it does not, and behind which no cache keeps what it has not been told to. */
function behindRoutes(guard: RequestHandler): RequestHandler {
  return (req, res, next) => {
    mustHaveRoutes(req)
    keepOutOfCaches(res)
    return guard(req, res, next)
  }
}

/**
 * Directives by which no cache gives one person's page to another unasked (RFC 9111 §5.2.2). With names of fields behind
 * it, as in `no-cache="Set-Cookie"`, a directive is about these fields and lets the page be kept.
 */
const personal = /(^|,)\s*(private|no-store|no-cache)\s*(,|$)/i

/** What depends on who is there is one person's own, unless the page says otherwise after it has asked. */
function keepPersonal({ res }: Request): void {
  if (!res || res.headersSent) return
  const said = String(res.get('Cache-Control') ?? '')
  keepOutOfCaches(res, personal.test(said) ? said : undefined)
}
