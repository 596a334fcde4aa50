import type { MemoryCommands } from '../memory/serve.ts'
import type { Line } from '../report/result.ts'
import { once } from '../report/statistics.ts'
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
    const { rows } = await bench.sessionsAtRest()
    const child = bench.spawn<MemoryCommands>('memory/serve.ts', ['--expose-gc'])
    const { bytes, heap, resident } = await child.ask('fill', { template: rows[0] ?? '', count })
    // Only what is bounded is filled that far; the short run stays below.
    const held = count < bound ? undefined : await child.ask('overfill')
    await child.stop()
    const all = `${count.toLocaleString('en-US')} sessions`
    const lines: Line[] = [
      { what: `${all}, sum of their bytes`, unit: 'MB', value: once(bytes / megabyte) },
      {
        what: `${all}, in the heap`,
        unit: 'MB',
        value: once(heap / megabyte),
        ratio: once(heap / bytes),
        reach: { atMost: 1.2 },
      },
      {
        what: `${all}, resident`,
        unit: 'MB',
        value: once(resident / megabyte),
        ratio: once(resident / bytes),
      },
    ]
    if (held !== undefined) {
      lines.push({ what: 'held after 110,000', unit: 'rows', value: once(held), reach: { atMost: bound } })
    }
    return lines
  },
}
