import type { Bench, Running } from '../bench.ts'
import type { Shot } from '../load/hammer.ts'

/** A contender, ready for its turns. */
export interface Entrant {
  running: Running
  /** Its line in the table. */
  title: string
  /** One turn. */
  turn: (seconds: number) => Promise<Turn>
}

/** What came of a turn. */
export interface Turn {
  /** What was done a second. */
  rate: number
  /** CPU time of the contender's process for each of it, in microseconds; where it did nothing else meanwhile. */
  cpu?: number
}

/** Requests under way at once. */
const connections = 32

/** A contender that is asked for the same thing over and over. */
export function hammered(bench: Bench, running: Running, shot: Shot, title = running.title): Entrant {
  const { child } = running
  return {
    running,
    title,
    async turn(seconds) {
      const before = await child.ask('cpuTime')
      const { answers, rate } = await bench.load.ask('hammer', { ...shot, connections, amount: { seconds } })
      return { rate, cpu: ((await child.ask('cpuTime')) - before) / answers }
    },
  }
}
