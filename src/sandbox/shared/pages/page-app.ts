import express, { type Express, type NextFunction, type Request, type Response } from 'express'
import { reportUnexpected } from '../unexpected.ts'
import type { Brand } from './look.ts'
import { VIEWS } from './page-words.ts'
import { sendPage } from './pages.ts'

/** An Express application with what both servers begin with: the stylesheet, an answer for favicons, no fingerprint. */
export function createPageApp(): Express {
  const app = express()
  app.disable('x-powered-by')
  app.set('etag', false)
  app.get('/sandbox.css', (_req, res) => {
    res.sendFile(`${VIEWS}/sandbox.css`, { cacheControl: false, headers: { 'Cache-Control': 'no-cache' } })
  })
  app.get('/favicon.ico', (_req, res) => {
    res.status(204).end()
  })
  return app
}

/** What both servers end with: a page for addresses unknown, one for requests that cannot be read, one for failures. */
export function endPageApp(app: Express, brand: Brand): void {
  app.use((_req, res) =>
    sendPage(res, 404, brand, 'message', {
      title: 'not_found.title',
      text: 'not_found.text',
    }),
  )
  app.use(async (error: { status?: number }, req: Request, res: Response, next: NextFunction) => {
    const status = error.status && error.status < 500 ? error.status : 500
    if (status === 500) reportUnexpected(`${brand}, ${req.method} ${req.path}`, error)
    if (res.headersSent) return next(error)
    await sendPage(res, status, brand, 'message', {
      title: 'unreadable.title',
      text: TEXTS[status] ?? 'unreadable.text',
    })
  })
}

const TEXTS: Record<number, string> = {
  413: 'unreadable.too_large',
  500: 'unreadable.failed',
}
