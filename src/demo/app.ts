import { fileURLToPath } from 'node:url'
import express, { type Express } from 'express'
import { health } from '../cli/process/health.ts'
import { AppError, allowMethods, type Config, type SingleSignOn, viewEngine } from '../sso/index.ts'
import { apiRoutes } from './api/routes.ts'
import { home, type SandboxPeople } from './pages/home.ts'
import { personalPages } from './pages/routes.ts'
import { viewLocals } from './view-locals.ts'

/** What the demo is handed rather than makes itself. */
export interface Dependencies {
  sso: SingleSignOn
  /** Whom one can sign in as, where there is a sandbox. */
  sandbox?: SandboxPeople | undefined
  /** Whether visitors may be sent here now, for `/readyz`; always unless told otherwise. */
  ready?: () => boolean | Promise<boolean>
}

const views = fileURLToPath(new URL('../../views', import.meta.url))

/**
 * The demo: an Express app like any other, whose people sign in by the package. It listens nowhere.
 *
 * @param config checked settings
 * @param dependencies what it uses from outside
 */
export function createApp(config: Config, { sso, sandbox, ready = () => true }: Dependencies): Express {
  const { pathname: basePath } = new URL(config.baseUrl)
  const app = express()
  app.disable('etag') // every page is one person's own, and never asked for again by its ETag
  app.disable('x-powered-by')
  // Express goes by NODE_ENV to the letter, and shows stacks where it does not say `production`.
  if (config.production) app.set('env', 'production').enable('view cache')
  app.engine('ejs', viewEngine(views, { keep: config.production }))
  app.set('views', `${views}/demo`).set('view engine', 'ejs')

  app.use(sso.requestLog, sso.securityHeaders)
  // At the root too: orchestrators ask the process itself, and know no path of ours.
  for (const path of new Set(['/', basePath]))
    app.use(
      path,
      health(async () => (await ready()) && sso.ready()),
    )
  app.use(basePath, sso.routes)
  const pages = express.Router()
  pages.use('/api', apiRoutes(sso))
  pages.use(viewLocals(sso))
  pages.all('/', allowMethods('GET', 'HEAD'), home(sso, sandbox))
  pages.use(personalPages(config, sso))
  app.use(basePath, pages)
  if (basePath !== '/') app.use(sso.pathHint)
  app.use(() => {
    throw new AppError({ status: 404, code: 'not_found' })
  })
  app.use(sso.errors)
  return app
}
