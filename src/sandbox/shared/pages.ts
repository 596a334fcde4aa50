import { randomBytes } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { fileURLToPath } from 'node:url'
import ejs from 'ejs'
import express, { type Express } from 'express'

/** The same depth from src/sandbox/shared and from dist/sandbox/shared, so it holds before and after the build. */
const VIEWS = fileURLToPath(new URL('../../../views/sandbox', import.meta.url))

/**
 * `form-action` is left out on purpose: Chromium applies it to the redirects that follow a form post, and signing
 * in is exactly a form post that is redirected through other origins.
 */
const POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'"

export type Brand = 'logto' | 'okta'

/**
 * Draws `views/sandbox/<brand>/<view>.ejs` inside the common layout.
 *
 * @param locals what the view shows; `title` is also the document's title
 * @returns the HTML and the nonce its one permitted script carries, if it has one
 */
export async function drawPage(
  brand: Brand,
  view: string,
  locals: { title: string } & Record<string, unknown>,
): Promise<{ html: string; nonce: string }> {
  const nonce = randomBytes(16).toString('base64url')
  const body = await ejs.renderFile(`${VIEWS}/${brand}/${view}.ejs`, { ...locals, nonce }, { cache: true })
  const html = await ejs.renderFile(`${VIEWS}/layout.ejs`, { ...locals, brand, body }, { cache: true })
  return { html, nonce }
}

/** Headers of every page: nothing kept, nothing foreign, no script but the one with the nonce. */
export function setPageHeaders(res: ServerResponse, nonce?: string): void {
  res.setHeader('Cache-Control', 'no-store')
  res.setHeader('Content-Security-Policy', nonce ? `${POLICY}; script-src 'nonce-${nonce}'` : POLICY)
  res.setHeader('Referrer-Policy', 'no-referrer')
  res.setHeader('X-Content-Type-Options', 'nosniff')
}

/**
 * The policy for what oidc-provider draws itself (a form that sends itself on): it adds the hash of its script to a
 * `script-src` it finds, and to none it does not find.
 */
export function allowProviderScript(res: ServerResponse): void {
  setPageHeaders(res)
  res.setHeader('Content-Security-Policy', `${POLICY}; script-src 'self'`)
}

/** Draws a page and sends it. */
export async function sendPage(
  res: express.Response,
  status: number,
  ...page: Parameters<typeof drawPage>
): Promise<void> {
  const { html } = await drawPage(...page)
  setPageHeaders(res)
  res.status(status).type('html').send(html)
}

/** An Express application with what both servers need: the stylesheet, an answer for favicons, no fingerprint. */
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

/** The text value of a form field or query parameter; a repeated or missing one is the empty string. */
export function textOf(source: unknown, name: string): string {
  const value = source && typeof source === 'object' ? (source as Record<string, unknown>)[name] : undefined
  return typeof value === 'string' ? value : ''
}
