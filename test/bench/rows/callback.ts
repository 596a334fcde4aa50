import { relyingParties } from './relying-parties.ts'
import type { Race } from './row.ts'

/** Callbacks under way at once. */
const connections = 16

/** The end of a sign-in: code for tokens, verification, new session. */
export const callbackRow: Race = {
  id: 'callback',
  path: '`/callback`, whole exchange',
  // The other peer does not verify the signature of the ID token.
  reference: 'logto-express',
  reach: { app: { atLeast: 1.4 }, host: { atLeast: 1.4 } },
  async entrants(bench) {
    const parties = await relyingParties(bench)
    return parties.map(({ running, signInPath }) => ({
      running,
      title: running.title,
      async turn(seconds) {
        const signedIn = ['data-signed-in="true"', 'Erin Moore']
        const { baseUrl } = running
        return {
          rate: await bench.load.ask('exchange', { baseUrl, signInPath, signedIn, connections, seconds }),
        }
      },
    }))
  },
}
