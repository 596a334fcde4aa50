import type { Request } from 'express'
import { LiveCompanies, type LiveConfig } from '../companies/index.ts'
import { httpFetch } from '../http-client/whole-answer.ts'
import type { AppConfig } from '../settings/config.ts'
import { accountOf, companyReader, personOf } from './account/account.ts'
import { organizationClaims } from './account/organization-claims.ts'
import { ownSessions } from './account/own-sessions.ts'
import { addressesAt } from './addresses.ts'
import { SignInAttempts } from './attempt/attempts.ts'
import { unfinishedSignIn } from './attempt/unfinished.ts'
import { callback } from './callback/callback.ts'
import { companyIdentities } from './company/identities.ts'
import { dispatch } from './dispatch.ts'
import { personal } from './guards/personal.ts'
import { accessOf, requireAccess } from './guards/require-access.ts'
import { requireOrganization } from './guards/require-organization.ts'
import { requireScope } from './guards/require-scope.ts'
import { requireSignIn } from './guards/require-sign-in.ts'
import { sameOriginForms } from './guards/same-origin-forms.ts'
import { hear } from './hooks.ts'
import { AppError } from './http/app-error.ts'
import { withoutSerializers } from './http/logger.ts'
import { pathHint } from './http/request/path-hint.ts'
import { proxyHint } from './http/request/proxy-hint.ts'
import { canonicalHost, trustOf } from './http/request/visitor.ts'
import type { SingleSignOn } from './interface.ts'
import { createLogtoClient } from './logto/logto-client.ts'
import { signInExperience } from './logto/sign-in-experience.ts'
import type { Options } from './options.ts'
import { rateLimits } from './rate-limits.ts'
import type { SharedCounts } from './redis/redis-counts.ts'
import { beginRecord, logAtEnd } from './request.ts'
import { routeTable } from './routes.ts'
import type { SessionBackend } from './session/backend/session-backend.ts'
import { SessionStore } from './session/session-store.ts'
import { sessions as sessionsOf } from './session/sessions.ts'
import { allowEmailForm } from './sign-in/form-targets.ts'
import { initiateLoginByForm } from './sign-in/initiate-login.ts'
import { signIn } from './sign-in/sign-in.ts'
import { backchannelLogout } from './sign-out/backchannel-logout.ts'
import { companyRoutes } from './sign-out/company-routes.ts'
import { endAtLogto } from './sign-out/end-at-logto.ts'
import { logtoWebhook } from './sign-out/logto-webhook.ts'
import { signOut, signOutEverywhere } from './sign-out/sign-out.ts'
import { SignedOutNotice } from './sign-out/signed-out-notice.ts'
import { measuredFetch } from './telemetry/measured-fetch.ts'
import { noTelemetry, type Telemetry } from './telemetry/telemetry.ts'
import { freshTokens } from './tokens/fresh-tokens.ts'
import { renewTokens } from './tokens/renew-tokens.ts'
import { revocations } from './tokens/revoke-tokens.ts'
import { userInfos } from './tokens/user-info.ts'
import { sendAsset } from './views/assets.ts'
import { type ErrorForm, errorAnswers } from './views/error-page.ts'
import { switchLanguage } from './views/switch-language.ts'
import { views as viewsOf } from './views/views.ts'

/** Single sign-on, of parts that are there: it connects to nothing, and listens nowhere. */
export function composeSingleSignOn(
  given: AppConfig | LiveConfig,
  {
    logger: hosts,
    backend,
    shared,
    // A proxy's agent is for the platform's.
    fetch: send = given.proxyFor ? globalThis.fetch : httpFetch,
    telemetry = noTelemetry,
    errors = 'own',
    close = async () => {},
    ...options
  }: Options & {
    backend: SessionBackend
    /** Where rate limits count, if several processes share them. */
    shared?: SharedCounts | undefined
    telemetry?: Telemetry
    close?: () => Promise<void>
  },
): SingleSignOn {
  const config = { companies: new LiveCompanies(given.connectors), ...given }
  const { baseUrl } = config
  const logger = withoutSerializers(hosts)
  const addresses = addressesAt(baseUrl)
  const companyOf = companyReader(config)
  const hearing = hear(options, telemetry, companyOf)
  const around = { logger, trustOf: trustOf(config.trustProxy), hear: hearing }
  const views = viewsOf(config, options, (req) => (req.sso ? accountOf(req) : undefined))
  const answerError = errorAnswers(views, baseUrl)
  const isMeasured = telemetry !== noTelemetry
  const fetch = isMeasured ? measuredFetch(send, telemetry) : send

  const logto = createLogtoClient(config, fetch)
  const revoke = revocations(logto)
  const store = new SessionStore(backend, config.sessions.idle, revoke)
  const sessions = sessionsOf(config, store)
  const attempts = new SignInAttempts(config)
  const identities = companyIdentities(config, logto)
  const renew = renewTokens({ config, logto, store, identities, revoke, telemetry })
  const context = { telemetry, config, logto, store, sessions, attempts, identities, revoke, renew }
  const notice = new SignedOutNotice(config)
  const ending = { ...context, onward: endAtLogto({ config, logto, notice }) }
  const ofCompanies = companyRoutes({ ...context, logger, fetch: send })
  const experience = signInExperience(config, fetch, logger)
  const routes = dispatch(
    routeTable({
      signIn: signIn(context),
      signUp: signIn(context, { firstScreen: 'register' }),
      initiateLogin: initiateLoginByForm(config),
      callback: callback(context),
      signOut: signOut(ending, (req, res) => views.show(req, res, 'sign-out', {})),
      backchannelLogout: backchannelLogout(context),
      logtoWebhook: logtoWebhook(context),
      ...ofCompanies.handlers,
      asset: (req, res, name) => sendAsset(req, res, name, config),
      language: switchLanguage(config),
    }),
    baseUrl,
    {
      around,
      limits: rateLimits(config, { logger, shared, telemetry }),
      span: isMeasured ? telemetry.span : undefined,
      hint: baseUrl.startsWith('https:') ? proxyHint(logger) : undefined,
      canonicalHost: canonicalHost(config, logger),
      setHeaders: views.setHeaders,
      identify: sessions.read,
      refresh: freshTokens(context),
      bringHome: (req, res) => notice.bringHome(req, res),
      fail: (error, req, res, form, next) =>
        errors === 'none' ? next(error) : answerError(error, req, res, form),
    },
  )
  return {
    routes,
    errors(error, req, res, next) {
      const isOurs = errors === 'all' || (errors === 'own' && error instanceof AppError)
      const record = beginRecord(req, around)
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
    requestLog(req, res, next) {
      logAtEnd(req, res, around)
      next()
    },
    pathHint: pathHint(new URL(baseUrl).pathname, logger),
    securityHeaders(_req, res, next) {
      views.setHeaders(res)
      next()
    },

    accountOf,
    companyOf,
    personOf,
    userInfo: userInfos(context),
    organizationClaims: organizationClaims(context),
    sessions: ownSessions(context),
    signOutEverywhere: signOutEverywhere(ending),
    signedOut: (req, res) => notice.take(req, res),
    unfinished: unfinishedSignIn(config, attempts),
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
    close: () => ofCompanies.close().then(close),
  }
}

/** How a host wants the errors of a request answered. */
const forms = new WeakMap<Request, ErrorForm>()
