import type { Bench } from '../bench.ts'
import { contenderNames } from '../contenders/names.ts'
import { type Entrant, hammered } from './entrant.ts'
import { anonymousHome, assertSamePage, signedInHome } from './pages.ts'
import type { Race } from './row.ts'

/** The page that most requests are for, of somebody who is signed in. */
export const signedInRow: Race = {
  id: 'home',
  path: 'signed-in home page',
  reference: 'bare',
  reach: { atLeast: 0.85 },
  entrants: (bench) => atHome(bench, signedInHome),
}

/** The same page of a stranger. */
export const anonymousRow: Race = {
  id: 'anonymous',
  path: 'anonymous home page',
  reference: 'bare',
  reach: { atLeast: 0.95 },
  entrants: (bench) => atHome(bench, (_bench, running) => anonymousHome(running)),
}

async function atHome(bench: Bench, shotFor: typeof signedInHome): Promise<Entrant[]> {
  const ready = await Promise.all(
    contenderNames.map(async (name) => {
      const running = await bench.contender(name)
      return { running, shot: await shotFor(bench, running) }
    }),
  )
  assertSamePage(ready.map(({ shot }) => shot))
  return ready.map(({ running, shot }) => hammered(bench, running, shot))
}
