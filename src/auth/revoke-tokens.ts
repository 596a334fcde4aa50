import type { StoredSession } from '../sessions/session-data.ts'
import type { Logto } from './logto-client.ts'

/**
 * Has Logto end what the tokens of ended sessions were good for (RFC 7009), as signing out does. The sessions are over
 * here already, so that nothing is lost where Logto does not answer.
 */
export async function revokeTokens(logto: Logto, sessions: readonly StoredSession[]): Promise<void> {
  await Promise.allSettled(
    sessions.map(({ logto: tokens }) =>
      // The SDK revokes the refresh token, and names an address for the browser, which is not gone to here.
      tokens ? logto.clientFor({ holder: { logto: tokens } }).signOut() : undefined,
    ),
  )
}
