import express, { type Express, type NextFunction, type Request, type Response } from 'express'
import { allowProviderScript, createPageApp, sendPage } from '../shared/pages.ts'
import { reportUnexpected } from '../shared/unexpected.ts'
import { createLoginRoutes } from './login.ts'
import { createOktaProvider } from './provider.ts'
import type { Org } from './state.ts'

const PROVIDER_PATHS = /^\/(oauth2|\.well-known)\//

/** Okta in miniature: the org's OpenID provider with Okta's paths, and its sign-in page, over one org. */
export async function createOktaApp(issuer: string, org: Org): Promise<Express> {
  const provider = await createOktaProvider(issuer, org)
  const answerOidc = provider.callback()
  const app = createPageApp()
  app.use((req, res, next) => {
    if (!PROVIDER_PATHS.test(req.path)) return next()
    allowProviderScript(res)
    return answerOidc(req, res)
  })
  app.use(express.urlencoded({ extended: false, limit: '10kb' }))
  app.use(createLoginRoutes(provider, org))
  app.use((_req, res) => sendPage(res, 404, 'okta', 'not-found', { title: 'Page not found' }))
  app.use(async (error: { status?: number }, req: Request, res: Response, next: NextFunction) => {
    const status = error.status && error.status < 500 ? error.status : 500
    if (status === 500) reportUnexpected(`Okta, ${req.method} ${req.path}`, error)
    if (res.headersSent) return next(error)
    await sendPage(res, status, 'okta', 'not-found', { title: 'This request cannot be answered' })
  })
  return app
}
