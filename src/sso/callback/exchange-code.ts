import type { AppConfig } from '../../settings/config.ts'
import { addressesAt } from '../addresses.ts'
import type { Attempt } from '../attempt/attempts.ts'
import type { Logto } from '../logto/logto-client.ts'
import type { SessionTokens, TokenHolder } from '../logto/token-storage.ts'

/**
 * Exchanges a code for tokens (RFC 6749 §4.1.3), by the SDK, which verifies the ID token.
 *
 * @returns the tokens, an ID token among them
 * @throws whatever the SDK and the verifiers throw
 */
export async function exchangeCode(
  { config, logto }: { config: AppConfig; logto: Logto },
  code: string,
  attempt: Attempt,
): Promise<SessionTokens> {
  const { callback } = addressesAt(config.baseUrl)
  const holder: TokenHolder = {}
  const client = logto.clientFor({ holder })
  await client.resume(attempt, callback)
  await client.handleSignInCallback(`${callback}?${new URLSearchParams({ code, state: attempt.state })}`)
  if (!holder.logto?.idToken) throw new Error('the SDK reported success and left no ID token')
  return holder.logto
}
