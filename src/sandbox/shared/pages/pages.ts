import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import ejs from 'ejs'
import type { Response } from 'express'
import type { KoaContextWithOIDC } from 'oidc-provider'
import { setPageHeaders } from './page-headers.ts'

/** The same depth from src/sandbox/shared and from dist/sandbox/shared, so it holds before and after the build. */
export const VIEWS = fileURLToPath(new URL('../../../../views/sandbox', import.meta.url))

/** Pages that are the same in both brands. */
const SHARED = new Set(['message', 'sign-out'])

export type Brand = 'logto' | 'okta'

/** What the page shows; `title` is also the document's title, and `wide` gives it more room than a form needs. */
type Locals = { title: string; wide?: boolean } & Record<string, unknown>

/** Draws a page and sends it as the answer to a request of Express. */
export async function sendPage(
  res: Response,
  status: number,
  brand: Brand,
  view: string,
  locals: Locals,
): Promise<void> {
  const { html } = await drawPage(brand, view, locals)
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
  brand: Brand,
  view: string,
  locals: Locals,
): Promise<void> {
  const { html, nonce } = await drawPage(brand, view, locals)
  setPageHeaders(res, html.includes('<script') ? nonce : undefined)
  res.set('Referrer-Policy', 'same-origin').status(status).type('html').send(html)
}

/** Draws a page and makes it the provider's answer; its one script, if it has one, carries the nonce. */
export async function sendProviderPage(
  ctx: KoaContextWithOIDC,
  brand: Brand,
  view: string,
  locals: Locals,
): Promise<void> {
  const { html, nonce } = await drawPage(brand, view, locals)
  setPageHeaders(ctx.res, nonce)
  ctx.type = 'html'
  ctx.body = html
}

/** Draws a part of a page, without the layout around it. */
export function drawFragment(brand: Brand, view: string, locals: Record<string, unknown>): Promise<string> {
  return ejs.renderFile(`${VIEWS}/${brand}/${view}.ejs`, locals, { cache: true })
}

/** Draws a page; its one script, if it has one, carries the nonce. */
export async function drawPage(
  brand: Brand,
  view: string,
  locals: Locals,
): Promise<{ html: string; nonce: string }> {
  const nonce = randomBytes(16).toString('base64url')
  const folder = SHARED.has(view) ? 'shared' : brand
  const body = await ejs.renderFile(`${VIEWS}/${folder}/${view}.ejs`, { ...locals, nonce }, { cache: true })
  const html = await ejs.renderFile(
    `${VIEWS}/layout.ejs`,
    { wide: false, ...locals, brand, body },
    { cache: true },
  )
  return { html, nonce }
}
