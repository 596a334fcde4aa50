import type { Bench, Running } from '../bench.ts'
import type { Shot } from '../load/hammer.ts'
import { hammered } from './entrant.ts'
import { relyingParties } from './relying-parties.ts'
import type { Race } from './row.ts'

/** The redirect to Logto of somebody who wants to sign in. */
export const signInRow: Race = {
  id: 'sign-in',
  path: '`/sign-in` redirects',
  reference: 'logto-express',
  reach: { app: { atLeast: 2 }, host: { atLeast: 2 } },
  async entrants(bench: Bench) {
    const parties = await relyingParties(bench)
    return Promise.all(
      parties.map(async ({ running, signInPath }) =>
        hammered(bench, running, await signInShot(running, signInPath)),
      ),
    )
  },
}

async function signInShot({ name, baseUrl }: Running, path: string): Promise<Shot> {
  const url = baseUrl + path
  const headers = { accept: 'text/html' }
  const { status, headers: answered } = await fetch(url, { headers, redirect: 'manual' })
  const to = answered.get('location') ?? ''
  if (![302, 303].includes(status) || !to.includes('/oidc/auth?') || !to.includes('code_challenge=')) {
    throw new Error(`${name}: ${url} answered ${status} ${to}`)
  }
  // Express says in the body where it redirects to; the state is another each time.
  return {
    url,
    headers,
    expected: { status, text: ['/oidc/auth?', 'client_id=', 'state=', 'code_challenge='] },
  }
}
