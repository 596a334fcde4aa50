import type { SsoAttempt, SsoProfile } from '../attempt.ts'
import type { OpenIdConnector } from '../connectors.ts'
import { claimsFrom, documentOf } from './answer.ts'
import { profileOf } from './profile.ts'
import { scopeOf } from './scope.ts'

/** The address to send the browser to: the parameters Logto's connector sends, and no others (no PKCE among them). */
export async function openIdAddress(connector: OpenIdConnector, attempt: SsoAttempt): Promise<string> {
  const url = new URL((await documentOf(connector)).authorization_endpoint)
  const params = {
    state: attempt.state,
    nonce: attempt.nonce,
    client_id: connector.config.clientId,
    response_type: 'code',
    redirect_uri: attempt.redirectUri,
    scope: scopeOf(connector.config),
    // Who has several Google accounts is asked which one.
    ...(connector.providerName === 'GoogleWorkspace' && { prompt: 'select_account' }),
  }
  for (const [name, value] of Object.entries(params)) url.searchParams.set(name, value)
  return url.href
}

export const openIdProfile = async (
  connector: OpenIdConnector,
  attempt: SsoAttempt,
  answer: URLSearchParams,
): Promise<SsoProfile> => profileOf(connector, await claimsFrom(connector, attempt, answer))
