import type { Bench } from '../bench.ts'
import type { Setup } from '../contenders/contender.ts'
import type { ContenderName } from '../contenders/names.ts'
import { type Entrant, hammered } from './entrant.ts'
import { anonymousHome, assertSamePage, signedInHome } from './pages.ts'
import type { Race } from './row.ts'

const peers = ['bare', 'express-session', 'logto-express', 'express-openid-connect'] as const

/** The page that most requests are for, of somebody who is signed in. */
export const signedInRow: Race = {
  id: 'home',
  path: 'signed-in home page',
  reference: 'bare',
  reach: { app: { atLeast: 0.85 } },
  entrants: (bench) => atHome(bench, [...peers, 'app'], signedInHome),
}

/** The same page of a stranger. */
export const anonymousRow: Race = {
  id: 'anonymous',
  path: 'anonymous home page',
  reference: 'bare',
  reach: { app: { atLeast: 0.95 } },
  entrants: (bench) => atHome(bench, [...peers, 'app'], (_bench, running) => anonymousHome(running)),
}

/** The signed-in page of an app of one's own, by what signs its people in. */
export const hostRow: Race = {
  id: 'host',
  path: 'signed-in page of a host',
  reference: 'logto-express',
  reach: { host: { atLeast: 1.5 } },
  entrants: (bench) =>
    atHome(bench, ['bare', 'logto-express', 'express-openid-connect', 'host'], signedInHome, 'host'),
}

async function atHome(
  bench: Bench,
  names: readonly ContenderName[],
  shotFor: typeof signedInHome,
  page: Setup['page'] = 'demo',
): Promise<Entrant[]> {
  const ready = await Promise.all(
    names.map(async (name) => {
      const running = await bench.contender(name, { page })
      return { running, shot: await shotFor(bench, running) }
    }),
  )
  assertSamePage(ready.map(({ shot }) => shot))
  return ready.map(({ running, shot }) => hammered(bench, running, shot))
}
