import type { MemoryCommands } from '../memory/serve.ts'
import type { Line } from '../report/result.ts'
import { spreadOf } from '../report/statistics.ts'
import type { Survey } from './row.ts'

const megabyte = 1_000_000
/** Sessions the memory store holds at most. */
const bound = 100_000

/** Many sessions in the memory store, each the size of a real one. */
export const memoryRow: Survey = {
  id: 'memory',
  path: 'memory store, many sessions',
  async measure(bench) {
    const count = bench.amounts.sessions
    const { sessions } = await bench.sessionsAtRest()
    const filled: Array<{ bytes: number; heap: number; resident: number; held: number[] }> = []
    for (let round = 0; round < bench.amounts.rounds; round++) {
      const child = bench.spawn<MemoryCommands>('memory/serve.ts', ['--expose-gc'])
      const grown = await child.ask('fill', { template: sessions[0] ?? '', count })
      // Only what is bounded is filled that far; the short run stays below.
      const held = count < bound ? [] : [await child.ask('overfill')]
      filled.push({ ...grown, held })
      await child.stop()
    }
    const megabytes = (of: 'bytes' | 'heap' | 'resident') => spreadOf(filled.map((f) => f[of] / megabyte))
    const share = (of: 'heap' | 'resident') => spreadOf(filled.map((f) => f[of] / f.bytes))
    const held = filled.flatMap((f) => f.held)
    const all = `${count.toLocaleString('en-US')} sessions`
    const lines: Line[] = [
      { what: `${all}, sum of their bytes`, unit: 'MB', value: megabytes('bytes') },
      {
        what: `${all}, in the heap`,
        unit: 'MB',
        value: megabytes('heap'),
        ratio: share('heap'),
        reach: { atMost: 1.2 },
      },
      {
        what: `${all}, resident`,
        unit: 'MB',
        value: megabytes('resident'),
        ratio: share('resident'),
      },
    ]
    if (held.length > 0) {
      lines.push({
        what: 'held after 110,000',
        unit: 'rows',
        value: spreadOf(held),
        reach: { atMost: bound },
      })
    }
    return lines
  },
}
