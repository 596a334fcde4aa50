import type { Bench } from '../bench.ts'
import type { Line } from '../report/result.ts'
import { ratioOf, spreadOf } from '../report/statistics.ts'
import type { Entrant, Turn } from './entrant.ts'
import type { Race } from './row.ts'

/** The turns of one entrant, a turn a round. */
interface Measured {
  entrant: Entrant
  turns: Turn[]
}

/**
 * Gives every entrant a turn in every round, each in a process of that round. Each round begins with another, so that
 * what comes and goes on the machine meets all of them alike.
 *
 * @returns a line for each entrant, or why there is none
 */
export async function race(bench: Bench, row: Race): Promise<Line[] | string> {
  const { reference, reach } = row
  const measured = await allRounds(bench, row)
  if (typeof measured === 'string') return measured
  const ratesOf = (one?: Measured) => one?.turns.map(({ rate }) => rate) ?? []
  const references = ratesOf(measured.find(({ entrant }) => entrant.running.name === reference))
  return measured.map((one) => {
    const { title, running } = one.entrant
    const cpu = one.turns.flatMap((turn) => turn.cpu ?? [])
    const bound = reach[running.name]
    return {
      what: title,
      unit: '/s',
      value: spreadOf(ratesOf(one)),
      ratio: ratioOf(ratesOf(one), references),
      ...(cpu.length > 0 && { cpu: spreadOf(cpu) }),
      ...(bound && { reach: bound }),
    }
  })
}

async function allRounds(bench: Bench, { entrants }: Race): Promise<Measured[] | string> {
  const { rounds } = bench.amounts
  const measured: Measured[] = []
  for (let round = 0; round < rounds; round++) {
    const ready = await entrants(bench)
    if (typeof ready === 'string') return ready
    for (let turn = 0; turn < ready.length; turn++) {
      const index = (round + turn) % ready.length
      const entrant = ready[index]
      if (!entrant) continue
      await entrant.turn(bench.amounts.warmUp)
      measured[index] ??= { entrant, turns: [] }
      measured[index].turns.push(await entrant.turn(bench.amounts.seconds))
    }
    await Promise.all(ready.map(({ running }) => running.child.stop()))
    bench.tell(`  round ${round + 1} of ${rounds}`)
  }
  return measured
}
