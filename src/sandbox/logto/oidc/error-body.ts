import type { KoaContextWithOIDC } from 'oidc-provider'
import { isOAuthError } from '../../shared/provider/oauth-error.ts'

/** What Logto says for the codes it knows; any other has one sentence in common. */
const MESSAGES: Record<string, string> = {
  'oidc.access_denied': 'Access denied.',
  'oidc.invalid_grant': 'Grant request is invalid.',
  'oidc.invalid_redirect_uri': "`redirect_uri` did not match any of the client's registered `redirect_uris`.",
  'oidc.invalid_request': 'Request is invalid.',
  'oidc.invalid_target': 'Invalid resource indicator.',
  'oidc.invalid_token': 'Invalid token provided.',
  'oidc.server_error': 'An unknown OIDC error occurred. Please try again later.',
  'oidc.unsupported_grant_type': 'Unsupported `grant_type` requested.',
  'oidc.unsupported_response_mode': 'Unsupported `response_mode` requested.',
  'oidc.unsupported_response_type': 'Unsupported `response_type` requested.',
  'session.not_found': 'Session not found. Please go back and sign in again.',
}

/** Where Logto explains more. */
const EXPLAINED: Record<string, string> = { invalid_grant: 'https://openid.sh/debug/invalid_grant' }

/**
 * Adds Logto's `code` and `message` to every OAuth error body, keeping `error` and `error_description` as they are.
 * What has no address, or not for that method, is such an error too.
 */
export async function addLogtoCode(ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> {
  await next()
  if (ctx.status === 404 && ctx.body === undefined) {
    const description = `unrecognized route or not allowed method (${ctx.method} on ${ctx.path})`
    ctx.body = { error: 'invalid_request', error_description: description }
    ctx.status = 404
  }
  const body: unknown = ctx.body
  if (ctx.status < 400 || !isOAuthError(body)) return
  const code = isLostSession(body.error_description) ? 'session.not_found' : `oidc.${body.error}`
  const uri = EXPLAINED[body.error]
  const message = MESSAGES[code] ?? `An OIDC error occurred: ${code}.`
  ctx.body = { code, message, ...(uri && { error_uri: uri }), ...body }
}

/** oidc-provider has no code of its own for a lost interaction; its description is all there is to go by. */
const isLostSession = (description = '') =>
  (description.includes('session') && description.includes('not found')) ||
  description.includes('authorization request has expired')
