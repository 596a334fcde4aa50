import { STATUS_CODES } from 'node:http'
import { errors, type KoaContextWithOIDC } from 'oidc-provider'
import { sendProviderPage } from '../shared/pages/pages.ts'
import { textOf } from '../shared/pages/text-of.ts'
import { isOAuthError, type OAuthError } from '../shared/provider/oauth-error.ts'
import { secret } from '../shared/random.ts'
import { findAppOfClient } from './clients.ts'
import type { Org } from './state.ts'

/** What Okta says, at the redirect URI, of a person who has the right password and no right to the app. */
export const NOT_ASSIGNED = 'User is not assigned to the client application.'

const UNKNOWN_CLIENT = "Invalid value for 'client_id' parameter."

/** Okta's own sentences for what it tells on its page rather than at the redirect URI. */
const SUMMARIES: Record<string, string> = {
  invalid_client: UNKNOWN_CLIENT,
  invalid_redirect_uri:
    "The 'redirect_uri' parameter must be a Login redirect URI in the client app settings.",
}

/** A fault that cannot go to the redirect URI: Okta's page, or its JSON where a program asks. */
export async function sendErrorPage(ctx: KoaContextWithOIDC, out: OAuthError): Promise<void> {
  const code = out.error === 'invalid_redirect_uri' ? 'invalid_request' : out.error
  const summary = SUMMARIES[out.error] ?? out.error_description ?? 'The request is not valid.'
  if (ctx.accepts('html', 'json') === 'html') {
    const title = `${ctx.status} ${STATUS_CODES[ctx.status] ?? 'Error'}`
    return sendProviderPage(ctx, 'okta', 'error', { title, code, summary })
  }
  ctx.body = apiError(code, summary)
}

/** Puts what the token endpoint refuses in Okta's words, where the library's own tell less. */
export async function useOktaWords(ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> {
  await next()
  const body: unknown = ctx.body
  if (ctx.path !== '/oauth2/v1/token' || !isOAuthError(body)) return
  if (body.error === 'invalid_client' && !ctx.oidc.client) ctx.body = apiError(body.error, UNKNOWN_CLIENT)
  else ctx.body = { ...body, error_description: tokenError(body, ctx.oidc.params?.grant_type) }
}

function tokenError({ error, error_description }: OAuthError, grantType: unknown): string | undefined {
  if (error === 'invalid_client') return 'The client secret supplied for a confidential client is invalid.'
  if (error !== 'invalid_grant') return error_description
  return grantType === 'refresh_token'
    ? 'The refresh token is invalid or expired.'
    : 'The authorization code is invalid or has expired.'
}

/** The shape of Okta's errors that are not OAuth's. */
export const apiError = (code: string, summary: string, causes: readonly string[] = []) => ({
  errorCode: code,
  errorSummary: summary,
  errorLink: code,
  errorId: `oae${secret(20)}`,
  errorCauses: causes.map((errorSummary) => ({ errorSummary })),
})

/**
 * Okta refuses a scope it does not know, where OpenID Connect Core §3.1.2.1 would have it ignored. Read from the
 * request itself: of the parameters the library has dropped such a scope before anyone is asked.
 */
export function refuseUnknownScopes(known: readonly string[]) {
  return ({ method, query, oidc }: KoaContextWithOIDC): void => {
    const scopes = textOf(method === 'POST' ? oidc.body : query, 'scope').split(' ')
    const unknown = scopes.find((name) => name && !known.includes(name))
    if (unknown === undefined) return
    throw Object.assign(new errors.InvalidScope(UNKNOWN_SCOPE, unknown), { scope: undefined })
  }
}

const UNKNOWN_SCOPE = 'One or more scopes are not configured for the authorization server resource.'

/** Refuses, for an app that requires it, a request without a PKCE challenge (RFC 7636 §4.4.1), in words like Okta's. */
export function requirePkce(org: Org) {
  return (_ctx: KoaContextWithOIDC, challenge: unknown, client: { clientId: string }): void => {
    if (challenge || !findAppOfClient(org, client.clientId)?.credentials.oauthClient.pkce_required) return
    throw new errors.InvalidRequest('PKCE code challenge is required by the application.')
  }
}
