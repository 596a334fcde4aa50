import { fileURLToPath } from 'node:url'
import type { Express, Response } from 'express'
import type { Config } from '../../settings/config.ts'
import { sendWhole } from '../http/answer/send-whole.ts'
import { assetUrl } from './assets.ts'
import { templates } from './templates.ts'
import { inEnglish } from './words.ts'

/**
 * Makes `res.render` show the EJS views, and gives every view the links it needs. Views get `app.locals`,
 * `res.locals` and what `res.render` is given, in Express's order; it takes no callback.
 *
 * @param app gets its `res.render` and `app.locals`
 * @param below the path, such as `/sso`, of what only our pages ask for: assets, and the switch of the language
 */
export function useViews(app: Express, { baseUrl, production }: Config, below = ''): void {
  const { pathname } = new URL(`${baseUrl}${below}/`)
  const folder = fileURLToPath(new URL('../../../views', import.meta.url))
  const fill = templates(folder, { keep: production })
  Object.assign(app.locals, inEnglish)
  app.locals.url = (path: string) => baseUrl + path
  app.locals.languageUrl = `${baseUrl}${below}/language`
  // Without the host, so that a page asked for under another name of this machine still has its style.
  app.locals.asset = (name: string) => pathname + assetUrl(name)
  app.response.render = function (this: Response, name: string, data: object = {}) {
    sendWhole(this, 'text/html', fill(name, { ...app.locals, ...this.locals, ...data }))
  }
}
