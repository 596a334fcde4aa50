import { fileURLToPath } from 'node:url'
import type { Express } from 'express'
import type { Config } from '../config.ts'
import { inEnglish } from '../i18n/words.ts'
import { assetUrl } from './assets.ts'

/**
 * Makes `res.render` find the EJS views, and gives every view the links it needs.
 *
 * @param app gets its view settings and `app.locals`
 */
export function useViews(app: Express, { baseUrl, production }: Config): void {
  const { pathname } = new URL(`${baseUrl}/`)
  app.set('views', fileURLToPath(new URL('../../views', import.meta.url)))
  app.set('view engine', 'ejs')
  app.set('view cache', production)
  Object.assign(app.locals, inEnglish)
  app.locals.url = (path: string) => baseUrl + path
  // Without the host, so that a page asked for under another name of this machine still has its style.
  app.locals.asset = (name: string) => pathname + assetUrl(name)
}
