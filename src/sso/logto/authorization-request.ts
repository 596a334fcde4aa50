import { createHash } from 'node:crypto'
import { generateSignInUri, Prompt } from '@logto/js'
import type { LogtoConfig } from '@logto/node'
import type { RequestedOptions } from '../links/sign-in-options.ts'
import type { LogtoMetadata } from './logto-metadata.ts'

/** What an attempt asks Logto for. */
export type AuthorizationOptions = RequestedOptions & { redirectUri: string }

/**
 * Where an attempt sends the browser (RFC 6749 §4.1.1, with PKCE by RFC 7636 §4.3). The address is the SDK's; its
 * client would keep the attempt in a session besides, which is just what `SignInAttempts` spares us.
 *
 * @param config the Logto application, as the SDK's client has completed it
 * @param metadata Logto's
 * @returns a function that raises what `metadata` raises
 */
export function authorizationRequests(
  { appId: clientId, scopes = [], resources = [], prompt: usualPrompt = Prompt.Consent }: LogtoConfig,
  metadata: () => Promise<LogtoMetadata>,
): (attempt: { state: string; verifier: string }, options: AuthorizationOptions) => Promise<string> {
  const common = { clientId, scopes, includeReservedScopes: false, resources }
  return async ({ state, verifier }, { prompt = usualPrompt, ...options }) => {
    const { authorizationEndpoint } = await metadata()
    // RFC 7636 §4.2, `S256`.
    const codeChallenge = createHash('sha256').update(verifier).digest('base64url')
    // Copies come last: what is added to a copy gives it a hidden class that no other object has.
    const request = { prompt, authorizationEndpoint, state, codeChallenge, ...common, ...options }
    return withOwnQuery(generateSignInUri(request), authorizationEndpoint)
  }
}

/**
 * An address that the SDK has written as `<endpoint>?<parameters>`, joined rightly where the endpoint has a query of
 * its own, which is kept (RFC 6749 §3.1; OpenID Connect RP-Initiated Logout 1.0 §2 for the end of a session).
 *
 * @param address as the SDK wrote it
 * @param endpoint without a fragment
 */
export function withOwnQuery(address: string, endpoint: string): string {
  if (!endpoint.includes('?')) return address
  const parameters = address.slice(endpoint.length + 1)
  return endpoint + (/[?&]$/.test(endpoint) ? '' : '&') + parameters
}
