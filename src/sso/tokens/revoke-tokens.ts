import { setTimeout as pause } from 'node:timers/promises'
import type { Logto } from '../logto/logto-client.ts'
import type { SessionTokens } from '../logto/session-tokens.ts'

/** Revocations that are under way at most, and those that wait for their turn; of more, the tokens run out unrevoked. */
const most = { underWay: 4, waiting: 10_000 }
/**
 * Milliseconds between two of them of those under way, where others wait: a hundred a second in all. When a company of
 * thousands has gone, neither Logto nor the pages of others are to notice.
 */
const between = 40

/**
 * Has Logto end what the tokens of sessions were good for (RFC 7009) that are over here. Nobody waits for it, and
 * nothing is lost where Logto does not answer: the tokens are nobody's any more.
 *
 * @returns a function that takes a session that has ended
 */
export function revocations(logto: Logto): (session: { logto?: SessionTokens | undefined }) => void {
  const waiting: SessionTokens[] = []
  let underWay = 0

  async function work(): Promise<void> {
    underWay++
    for (let tokens = waiting.shift(); tokens; tokens = waiting.shift()) {
      const client = logto.clientFor({ holder: { logto: tokens } })
      // The SDK revokes the refresh token, and names an address for the browser, which is not gone to here.
      await client.signOut().catch(() => {})
      if (waiting.length > 0) await pause(between, undefined, { ref: false })
    }
    underWay--
  }

  return ({ logto: tokens }) => {
    if (tokens?.refreshToken === undefined || waiting.length >= most.waiting) return
    waiting.push(tokens)
    if (underWay < most.underWay) work()
  }
}
