import { fileURLToPath } from 'node:url'
import type { Request } from 'express'
import express, { type Express } from 'express'
import { demoWords } from '../../../src/demo/words.ts'
import { assetUrl } from '../../../src/sso/views/assets.ts'
import { speeches } from '../../../src/sso/views/words.ts'

/** What the home page is given, as this app gives it. @param person who is signed in, if somebody is */
export function homeOf(person: { name?: unknown; email?: unknown } | undefined): object {
  const isAuthenticated = person !== undefined
  const navigation = { signedIn: isAuthenticated, page: '/' }
  const stranger = { canSignUp: true, signedOut: undefined, unfinished: undefined }
  return { isAuthenticated, name: person?.name, email: person?.email, ...stranger, ...navigation }
}

/** Express as it comes, with this app's views: what the peers stand on. */
export function plainApp(baseUrl: string): Express {
  const app = express()
  app.set('views', fileURLToPath(new URL('../../../views/demo', import.meta.url)))
  app.set('view engine', 'ejs')
  const inEnglish = speeches({ baseUrl }, demoWords)({ headers: {} } as Request)
  Object.assign(app.locals, inEnglish, { here: '/' })
  app.locals.url = (path: string) => baseUrl + path
  app.locals.languageUrl = `${baseUrl}/sso/language`
  app.locals.style = assetUrl('style.css')
  app.locals.icon = assetUrl('icon.svg')
  return app
}
