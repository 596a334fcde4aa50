import { fileURLToPath } from 'node:url'
import express, { type Express } from 'express'
import { inEnglish } from '../../../src/i18n/words.ts'
import { assetUrl } from '../../../src/pages/assets.ts'

/** Express as it comes, with this app's views: what the peers stand on. */
export function plainApp(baseUrl: string): Express {
  const app = express()
  app.set('views', fileURLToPath(new URL('../../../views', import.meta.url)))
  app.set('view engine', 'ejs')
  Object.assign(app.locals, inEnglish)
  app.locals.url = (path: string) => baseUrl + path
  app.locals.asset = (name: string) => `/${assetUrl(name)}`
  return app
}
