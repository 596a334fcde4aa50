import type { Bench } from '../bench.ts'
import type { Line } from '../report/result.ts'
import { ratioOf, spreadOf } from '../report/statistics.ts'
import type { Entrant, Turn } from './entrant.ts'
import type { Race } from './row.ts'

/**
 * Gives every entrant a turn in every round, each round beginning with another, so that what comes and goes on the
 * machine meets all of them alike.
 *
 * @returns a line for each entrant, or why there is none
 */
export async function race(bench: Bench, { entrants, reference, reach }: Race): Promise<Line[] | string> {
  const ready = await entrants(bench)
  if (typeof ready === 'string') return ready
  const measured = await takeTurns(bench, ready)
  const ratesOf = (entrant?: Entrant) => (entrant && measured.get(entrant)?.map(({ rate }) => rate)) ?? []
  const references = ratesOf(ready.find(({ running }) => running.name === reference))
  return ready.map((entrant) => {
    const cpu = measured.get(entrant)?.flatMap((turn) => turn.cpu ?? []) ?? []
    return {
      what: entrant.title,
      unit: '/s',
      value: spreadOf(ratesOf(entrant)),
      ratio: ratioOf(ratesOf(entrant), references),
      ...(cpu.length > 0 && { cpu: spreadOf(cpu) }),
      ...(entrant.running.name === 'app' && { reach }),
    }
  })
}

async function takeTurns({ amounts, tell }: Bench, entrants: Entrant[]): Promise<Map<Entrant, Turn[]>> {
  for (const { turn } of entrants) await turn(amounts.warmUp)
  const turns = new Map(entrants.map((entrant) => [entrant, [] as Turn[]]))
  for (let round = 0; round < amounts.rounds; round++) {
    const first = round % entrants.length
    for (const entrant of [...entrants.slice(first), ...entrants.slice(0, first)]) {
      turns.get(entrant)?.push(await entrant.turn(amounts.seconds))
    }
    tell(`  round ${round + 1} of ${amounts.rounds}`)
  }
  return turns
}
