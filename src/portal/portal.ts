import { fileURLToPath } from 'node:url'
import express, { type Express, type RequestHandler } from 'express'
import { openPlace, type Place } from '../companies/index.ts'
import { AppError, type Logger, type SingleSignOn, singleSignOn, viewEngine } from '../sso/index.ts'
import { logtoOf } from './invitations/invite.ts'
import { invitationSeal } from './invitations/seal.ts'
import { noCompanies } from './no-companies.ts'
import { ownApplication } from './own-application.ts'
import type { PortalHooks } from './parts.ts'
import type { PortalConfig } from './portal-config.ts'
import { portalRoutes } from './setup/routes.ts'
import { tryGuarded } from './setup/try-provider.ts'
import { portalWords } from './words.ts'

export interface PortalOptions extends PortalHooks {
  /** pino, or any object with `info`, `warn`, `error` and `child`. */
  logger: Logger
  /** Where the app's companies live; as the config says, unless told otherwise. */
  place?: Place
  /** Milliseconds within which every process of the app knows of a change of companies; only tests have less. */
  knownWithin?: number
}

export interface Portal {
  /** Answers requests; it listens nowhere. */
  readonly app: Express
  /** Whether what it depends on is there. */
  readonly ready: () => Promise<boolean>
  readonly close: () => Promise<void>
}

const views = fileURLToPath(new URL('../../views', import.meta.url))

/** Of the package's own addresses those that the portal has no use for: it signs nobody in for long. */
const unused = /^\/(sign-in\/|sign-up|sign-out|webhooks\/|global-token-revocation)/i

/**
 * The portal: an Express app, and a host of the package like any other, on which the administrator of a company connects
 * their identity provider. It alone holds what opens Logto's Management API.
 *
 * @param config as `loadPortalConfig` has it
 * @throws MissingPackages where what it needs is not installed; ProvisionError where Logto refuses, or does not answer;
 *   CompaniesError where the companies cannot be read
 */
export async function createPortal(config: PortalConfig, options: PortalOptions): Promise<Portal> {
  const { logger, knownWithin = 5000, ...hooks } = options
  const { asHost, baseUrl, production, proxyFor } = config
  const logto = await logtoOf(config)
  const application = await ownApplication(config, logto)
  const place = options.place ?? (await openPlace(config.whereabouts))
  const host = Object.freeze({ ...asHost, logto: application })
  const ofPackage = { logger, words: portalWords, errors: 'all' as const, companies: noCompanies }
  const sso = await singleSignOn(host, ofPackage)
  const seal = invitationSeal(config.secrets)
  const parts = {
    ...hooks,
    config,
    sso,
    logger,
    place,
    logto,
    seal,
    knownWithin,
    tryProvider: tryGuarded({ production, proxyFor }),
  }

  const app = express()
  app.disable('etag').disable('x-powered-by').set('trust proxy', asHost.trustProxy)
  if (production) app.set('env', 'production').enable('view cache')
  app.engine('ejs', viewEngine(views, { keep: production }))
  app.set('views', `${views}/portal`).set('view engine', 'ejs')
  app.use(sso.requestLog, sso.securityHeaders)
  const { pathname: basePath } = new URL(`${baseUrl}/`)
  const base = express.Router()
  base.use((req, res, next) => (unused.test(req.path) ? notFound(req, res, next) : next()))
  base.use(sso.routes)
  base.use('/portal', express.static(`${views}/portal/public`, { index: false, redirect: false }))
  base.use(viewLocals(sso, baseUrl), portalRoutes(parts))
  app.use(basePath, base)
  if (basePath !== '/') app.use(sso.pathHint)
  app.use(notFound)
  app.use(sso.errors)
  return {
    app,
    ready: () => sso.ready(),
    async close() {
      await Promise.all([sso.close(), place.close()])
    },
  }
}

const notFound: RequestHandler = () => {
  throw new AppError({ status: 404, code: 'not_found' })
}

/** What every page needs to look and speak as the sign-in's own pages do. Its one script copies values, and is not needed. */
function viewLocals(sso: SingleSignOn, baseUrl: string): RequestHandler {
  const file = (name: string) => `${baseUrl}/portal/${name}`
  return (req, res, next) => {
    const view = sso.view(req)
    Object.assign(res.locals, view, { moreStyle: file('portal.css'), script: file('copy.js') })
    if (view.language !== 'en') res.set('Content-Language', view.language)
    const policy = String(res.get('Content-Security-Policy'))
    res.set('Content-Security-Policy', `${policy};script-src 'self'`)
    next()
  }
}
