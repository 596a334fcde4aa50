import type { KoaContextWithOIDC } from 'oidc-provider'
import { isOAuthError } from '../shared/oauth-error.ts'

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

/** Adds Logto's `code` and `message` to every OAuth error body, keeping `error` and `error_description` as they are. */
export async function addLogtoCode(ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> {
  await next()
  const body: unknown = ctx.body
  if (ctx.status < 400 || !isOAuthError(body)) return
  const code = isLostSession(body.error_description) ? 'session.not_found' : `oidc.${body.error}`
  ctx.body = { code, message: MESSAGES[code] ?? `An OIDC error occurred: ${code}.`, ...body }
}

/** oidc-provider has no code of its own for a lost interaction; its description is all there is to go by. */
const isLostSession = (description = '') =>
  (description.includes('session') && description.includes('not found')) ||
  description.includes('authorization request has expired')
