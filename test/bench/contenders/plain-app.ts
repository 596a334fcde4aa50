import { fileURLToPath } from 'node:url'
import express, { type Express } from 'express'
import { assetUrl } from '../../../src/sso/views/assets.ts'
import { inEnglish } from '../../../src/sso/views/words.ts'

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
  app.set('views', fileURLToPath(new URL('../../../views', import.meta.url)))
  app.set('view engine', 'ejs')
  Object.assign(app.locals, inEnglish)
  app.locals.url = (path: string) => baseUrl + path
  app.locals.languageUrl = `${baseUrl}/language`
  app.locals.asset = (name: string) => `/${assetUrl(name)}`
  return app
}
