import { setTimeout as pause } from 'node:timers/promises'
import type { SessionTokens, TokenHolder } from '../logto/session-tokens.ts'
import { lease, look, type SessionStore } from '../session/session-store.ts'

/**
 * A session's tokens for one request to Logto. A refresh token that comes with the answer is stored at once: the one
 * before may be worth nothing from then on (RFC 9700 §4.14.2), while the rest of the answer may yet be of no use, take
 * long to verify, or be lost with this process. A store that is away is waited for, as long as a lease lasts.
 *
 * @param id of a session whose refresh token is the caller's alone to use
 */
export function heldTokens(store: SessionStore, id: string, logto: SessionTokens): TokenHolder {
  const put = (refreshToken: string) =>
    store.change(id, ({ logto: tokens, ...session }) => ({
      ...session,
      logto: { ...tokens, refreshToken },
      tokensAt: Date.now(),
    }))

  return {
    logto,
    async keepRefreshToken(refreshToken) {
      for (let tries = lease.lasts / look; ; tries--) {
        try {
          await put(refreshToken)
          return
        } catch (error) {
          if (tries === 0) throw error
          await pause(look)
        }
      }
    },
  }
}
