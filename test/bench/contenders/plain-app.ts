import { fileURLToPath } from 'node:url'
import type { Request } from 'express'
import express, { type Express } from 'express'
import { demoWords } from '../../../src/demo/words.ts'
import { assetUrl } from '../../../src/sso/views/assets.ts'
import { translationReader } from '../../../src/sso/views/words.ts'
import type { Setup } from './contender.ts'

const views = { demo: '../../../views/demo', host: './views' }

/** What either home page is given, as this app gives it. @param person who is signed in, if somebody is */
export function homeOf(person: { name?: unknown; email?: unknown } | undefined): object {
  const account = person && { name: person.name, claims: { email: person.email } }
  const stranger = { canSignUp: true, sandbox: undefined, signedOut: undefined, unfinished: undefined }
  return { account, page: '/', ...(!account && stranger) }
}

/** Express as it comes, with the views of the demo or of a host: what the peers and the host stand on. */
export function plainApp({ baseUrl, page }: Pick<Setup, 'baseUrl' | 'page'>): Express {
  const app = express()
  app.set('views', fileURLToPath(new URL(views[page], import.meta.url)))
  app.set('view engine', 'ejs')
  const inEnglish = translationReader({ baseUrl }, demoWords)({ headers: {} } as Request)
  Object.assign(app.locals, inEnglish, { here: '/' })
  app.locals.url = (path: string) => baseUrl + path
  app.locals.languageUrl = `${baseUrl}/sso/language`
  app.locals.style = assetUrl('style.css')
  app.locals.icon = assetUrl('icon.svg')
  return app
}
