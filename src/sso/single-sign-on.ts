import type { Request, RequestHandler } from 'express'
import type { AppConfig, Config } from '../settings/config.ts'
import { ConfigError } from '../settings/parse.ts'
import { withoutLogto } from '../settings/rules.ts'
import { accountOf } from './account.ts'
import { addressesAt } from './addresses.ts'
import { SignInAttempts } from './attempt/attempts.ts'
import { callback } from './callback/callback.ts'
import { accessOf, requireAccess } from './guards/require-access.ts'
import { requireOrganization } from './guards/require-organization.ts'
import { requireScope } from './guards/require-scope.ts'
import { requireSignIn } from './guards/require-sign-in.ts'
import { sameOriginForms } from './guards/same-origin-forms.ts'
import { type Hooks, hear } from './hooks.ts'
import { keepOutOfCaches, keepPersonal } from './http/answer/keep-out-of-caches.ts'
import { seeOther } from './http/answer/see-other.ts'
import { AppError } from './http/app-error.ts'
import { type Logger, withoutSerializers } from './http/logger.ts'
import { canonicalHost } from './http/request/canonical-host.ts'
import { pathHint } from './http/request/path-hint.ts'
import { proxyHint } from './http/request/proxy-hint.ts'
import { trustOf } from './http/request/visitor-address.ts'
import { logAtEnd, requestLog } from './http/request-log.ts'
import type { SingleSignOn } from './interface.ts'
import { rateLimits } from './limits/rate-limits.ts'
import type { SharedCounts } from './limits/redis-counts.ts'
import { oktaSignOut } from './links/okta-sign-out.ts'
import { signInAgain } from './links/retry-link.ts'
import { connectLogto } from './logto/logto-client.ts'
import { signInExperience } from './logto/sign-in-experience.ts'
import { organizationClaims } from './organization-claims.ts'
import { ownSessions } from './own-sessions.ts'
import { connectRedis } from './redis/redis-connection.ts'
import { beginRecord, recordOf } from './request.ts'
import { dispatch, routeTable } from './routes.ts'
import { memoryBackend } from './session/backend/memory-backend.ts'
import { redisBackend } from './session/backend/redis-backend.ts'
import type { SessionBackend } from './session/backend/session-backend.ts'
import { sessionCookie } from './session/session-cookie.ts'
import { SessionStore } from './session/session-store.ts'
import { sessions as sessionsOf } from './session/sessions.ts'
import { allowEmailForm } from './sign-in/form-targets.ts'
import { initiateLoginByForm } from './sign-in/initiate-login.ts'
import { signIn } from './sign-in/sign-in.ts'
import { backchannelLogout } from './sign-out/backchannel-logout.ts'
import { endAtLogto } from './sign-out/end-at-logto.ts'
import { logtoWebhook } from './sign-out/logto-webhook.ts'
import { signOut, signOutEverywhere } from './sign-out/sign-out.ts'
import { SignedOutNotice } from './sign-out/signed-out-notice.ts'
import { freshTokens } from './tokens/fresh-tokens.ts'
import { renewTokens } from './tokens/renew-tokens.ts'
import { revocations } from './tokens/revoke-tokens.ts'
import { userInfos } from './tokens/user-info.ts'
import { sendAsset } from './views/assets.ts'
import { type ErrorForm, errorAnswers } from './views/error-page.ts'
import { switchLanguage } from './views/switch-language.ts'
import { type Looks, views as viewsOf } from './views/views.ts'

/** What a host hands over: where lines go, what it wants to hear of, and what pages look like. */
export interface Options extends Hooks, Looks {
  /** pino, or any object with `info`, `warn`, `error` and `child`. */
  logger: Logger
  /**
   * Which errors are answered here: `own`, what guards refuse and what goes wrong at our addresses, unless told
   * otherwise; `none`, where the app's own handler answers these too; `all` errors that reach `sso.errors`.
   */
  errors?: 'own' | 'none' | 'all'
  /** Where sessions live; at `REDIS_URL`, or else in this process's memory, unless told otherwise. */
  backend?: SessionBackend
  /** How Logto is called; the platform's `fetch` unless told otherwise. */
  fetch?: typeof fetch
}

/**
 * Single sign-on for an Express app of one's own, whose parsers, views, sessions, settings and error handlers stay as
 * they are.
 *
 * @param config the settings, as `loadConfig` has checked them
 * @throws ConfigError where no Logto is set; whatever keeps `REDIS_URL` from being connected to
 */
export async function singleSignOn(config: Config, options: Options): Promise<SingleSignOn> {
  if (!hasLogto(config))
    throw new ConfigError(withoutLogto('is not set, and there is no sandbox in an app of your own'))
  const { redisUrl } = config.sessions
  const redis =
    redisUrl === undefined ? undefined : await connectRedis({ ...config, url: redisUrl }, options.logger)
  const backend = redis ? redisBackend(redis, config.sessions) : memoryBackend(config.sessions)
  return composeSingleSignOn(config, {
    backend,
    ...options,
    shared: redis,
    close: async () => redis?.close(),
  })
}

const hasLogto = (config: Config): config is AppConfig => config.logto !== undefined

/** The same, of parts that are there: it connects to nothing, and listens nowhere. */
export function composeSingleSignOn(
  config: AppConfig,
  {
    logger: hosts,
    backend,
    shared,
    fetch = globalThis.fetch,
    errors = 'own',
    close = async () => {},
    ...options
  }: Options & {
    backend: SessionBackend
    /** Where rate limits count, if several processes share them. */
    shared?: SharedCounts | undefined
    close?: () => Promise<void>
  },
): SingleSignOn {
  const { baseUrl } = config
  const logger = withoutSerializers(hosts)
  const addresses = addressesAt(baseUrl)
  const around = { logger, trustOf: trustOf(config.trustProxy) }
  const views = viewsOf(config, options)
  const answerError = errorAnswers(views)

  const logto = connectLogto(config, fetch)
  const store = new SessionStore(backend, {
    idle: config.sessions.idle,
    cookie: sessionCookie(config).options,
  })
  const sessions = sessionsOf(config, store)
  const attempts = new SignInAttempts(config)
  const revoke = revocations(logto)
  store.on('ended', revoke)
  const renew = renewTokens({ config, logto, store, revoke })
  const context = { config, logto, store, sessions, attempts, revoke, renew }
  const notice = new SignedOutNotice(config)
  const ending = { ...context, onward: endAtLogto({ config, logto, notice }) }
  const experience = signInExperience(config, fetch, logger)
  const heard = hear(options)
  const fresh = freshTokens(context)

  const hint = baseUrl.startsWith('https:') ? proxyHint(logger) : () => {}
  const begin = (req: Request) => {
    const record = beginRecord(req, around)
    heard(record)
    return record
  }
  const answered = dispatch(
    routeTable({
      signIn: signIn(context),
      signUp: signIn(context, { firstScreen: 'register' }),
      initiateLogin: initiateLoginByForm(config),
      callback: callback(context),
      signOut: signOut(ending, (req, res) => views.show(req, res, 'sign-out')),
      backchannelLogout: backchannelLogout(context),
      logtoWebhook: logtoWebhook(context),
      asset: (req, res, name) => sendAsset(req, res, name, config),
      language: switchLanguage(config),
    }),
    {
      begin(req, res) {
        logAtEnd(req, res, around)
        begin(req)
      },
      limits: rateLimits(config, { logger, shared }),
      hint,
      canonicalHost: canonicalHost(config, logger),
      setHeaders: views.setHeaders,
      identify: sessions.read,
      fail: (error, req, res, form, next) =>
        errors === 'none' ? next(error) : answerError(error, req, res, form),
    },
  )
  const isMounted = mountedAt(baseUrl)

  return {
    routes(req, res, next) {
      isMounted(req)
      if (answered(req, res, next)) return
      begin(req)
      hint(req)
      if (req.method === 'GET' && notice.isBroughtBack(req, res)) return seeOther(res, addresses.home)
      const reading = sessions.read(req)
      if (!reading) return next()
      reading.then(() => fresh(req)).then(() => next(), next)
    },
    errors(error, req, res, next) {
      const isOurs = errors === 'all' || (errors === 'own' && error instanceof AppError)
      const record = begin(req)
      if (!isOurs || res.headersSent) {
        record.fault = error
        return next(error)
      }
      logAtEnd(req, res, around)
      answerError(error, req, res, forms.get(req))
    },
    jsonErrors(req, _res, next) {
      forms.set(req, 'json')
      next()
    },
    requestLog: requestLog(around),
    pathHint: pathHint(new URL(baseUrl).pathname, logger),
    securityHeaders(_req, res, next) {
      views.setHeaders(res)
      next()
    },

    accountOf(req) {
      keepPersonal(req)
      return accountOf(req)
    },
    personOf(req) {
      keepPersonal(req)
      return accountOf(req)?.claims
    },
    userInfo: userInfos(context),
    organizationClaims: organizationClaims(context),
    sessions: ownSessions(context),
    signOutEverywhere: signOutEverywhere(ending),
    signedOut: (req, res) => notice.take(req, res),
    unfinished(req) {
      const last = attempts.unfinished(req)
      return (
        last && {
          company: last.company.name,
          retryUrl: signInAgain(config, last.beginning).href,
          signOutUrl: oktaSignOut(last.company),
        }
      )
    },
    // In that mode Logto refuses everybody new, and its register screen leads nowhere.
    canSignUp: () => experience()?.signInMode !== 'SignIn',

    requireSignIn: personal(requireSignIn(config)),
    requireAccess: (options) => personal(requireAccess(context, options)),
    accessOf,
    requireScope: (...scopes) => personal(requireScope(...scopes)),
    requireOrganization: (...asked) => personal(requireOrganization(...asked)),
    requireSameOrigin: sameOriginForms(config),

    links: addresses,
    view: views.localsOf,
    allowSignInForm: allowEmailForm(config),
    ready: () => backend.answers(),
    close,
  }
}

/** How a host wants the errors of a request answered. */
const forms = new WeakMap<Request, ErrorForm>()

/** Says where the routes have to be mounted, where they are not: Logto would send people back to another address. */
function mountedAt(baseUrl: string): (req: Request) => void {
  const { pathname } = new URL(baseUrl)
  const expected = pathname === '/' ? '' : pathname
  const how = expected === '' ? 'app.use(sso.routes)' : `app.use('${expected}', sso.routes)`
  return (req) => {
    if (req.baseUrl.toLowerCase() === expected.toLowerCase()) return
    throw new Error(
      `sso.routes is mounted at ${req.baseUrl || '/'}, and BASE_URL is ${baseUrl}: write ${how}, or correct BASE_URL`,
    )
  }
}

/** A guard that nobody can mistake for one that works where it does not, and behind which no cache keeps what it has not been told to. */
function personal(guard: RequestHandler): RequestHandler {
  return (req, res, next) => {
    recordOf(req)
    keepOutOfCaches(res)
    return guard(req, res, next)
  }
}
