import { randomBytes } from 'node:crypto'
import ejs from 'ejs'
import type { Response } from 'express'
import type { KoaContextWithOIDC } from 'oidc-provider'
import { type Language, languages } from '../../../words/languages.ts'
import type { Look } from './look.ts'
import { setPageHeaders } from './page-headers.ts'
import { pageLanguage, VIEWS, words } from './page-words.ts'

/** Pages that are the same in all brands. */
const SHARED = new Set(['message', 'sign-out', 'login', 'expired', 'error', 'company'])

/**
 * What the page shows. `title` is the key of the document's title; `wide` gives it more room than a form needs;
 * `uiLocales` are the languages that the authorization request asked for, where the page's own address does not say.
 */
type Locals = { title: string; wide?: boolean; uiLocales?: unknown } & Record<string, unknown>

/** Draws a page and sends it as the answer to a request of Express. */
export async function sendPage(
  res: Response,
  status: number,
  look: Look,
  view: string,
  locals: Locals,
): Promise<void> {
  const { html } = await drawPage(languageOf(res, locals), look, view, locals)
  setPageHeaders(res)
  res.status(status).type('html').send(html)
}

/**
 * The same for a page whose forms `requireSameOriginForms` guards. Under `no-referrer` browsers send `Origin: null` with the
 * page's own forms (Fetch Standard, "append a request Origin header"), and they could not be told from a stranger's.
 */
export async function sendOwnPage(
  res: Response,
  status: number,
  look: Look,
  view: string,
  locals: Locals,
): Promise<void> {
  const { html, nonce } = await drawPage(languageOf(res, locals), look, view, locals)
  setPageHeaders(res, html.includes('<script') ? nonce : undefined)
  res.set('Referrer-Policy', 'same-origin').status(status).type('html').send(html)
}

/** Draws a page and makes it the provider's answer; its one script, if it has one, carries the nonce. */
export async function sendProviderPage(
  ctx: KoaContextWithOIDC,
  look: Look,
  view: string,
  locals: Locals,
): Promise<void> {
  const language = pageLanguage(ctx.query.ui_locales, ctx.acceptsLanguages(...languages))
  const { html, nonce } = await drawPage(language, look, view, locals)
  setPageHeaders(ctx.res, nonce)
  ctx.type = 'html'
  ctx.body = html
}

function languageOf({ req }: Response, { uiLocales = req.query.ui_locales }: Locals): Language {
  return pageLanguage(uiLocales, req.acceptsLanguages(...languages))
}

/** Draws a page; its one script, if it has one, carries the nonce. */
async function drawPage(
  language: Language,
  look: Look,
  view: string,
  locals: Locals,
): Promise<{ html: string; nonce: string }> {
  const nonce = randomBytes(16).toString('base64url')
  const folder = SHARED.has(view) ? 'shared' : look
  const all = { wide: false, help: undefined, ...locals, language, t: words[language], look, nonce }
  const body = await ejs.renderFile(`${VIEWS}/${folder}/${view}.ejs`, all, { cache: true })
  const html = await ejs.renderFile(`${VIEWS}/layout.ejs`, { ...all, body }, { cache: true })
  return { html, nonce }
}
