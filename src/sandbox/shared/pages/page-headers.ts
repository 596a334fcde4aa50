import type { ServerResponse } from 'node:http'

/**
 * `form-action` is left out on purpose: Chromium applies it to the redirects that follow a form post, and signing
 * in is exactly a form post that is redirected through other origins.
 */
const POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'"

/** Headers of every page: nothing kept, nothing foreign, no script but the one with the nonce, which may ask its own server. */
export function setPageHeaders(res: ServerResponse, nonce?: string): void {
  res.setHeader('Cache-Control', 'no-store')
  res.setHeader(
    'Content-Security-Policy',
    nonce ? `${POLICY}; connect-src 'self'; script-src 'nonce-${nonce}'` : POLICY,
  )
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
