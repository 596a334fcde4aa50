import type { Line } from '../report/result.ts'
import { once } from '../report/statistics.ts'
import { signedInHome } from './pages.ts'
import type { Survey } from './row.ts'

const megabyte = 1_000_000

/** Whether the process grows with the requests it has answered. */
export const residentRow: Survey = {
  id: 'resident',
  path: 'resident memory',
  async measure(bench) {
    const [first, last] = bench.amounts.residentAfter
    const app = await bench.newContender('app')
    const shot = await signedInHome(bench, app)
    const after = async (requests: number) => {
      await bench.load.ask('hammer', { ...shot, connections: 32, amount: { requests } })
      return app.child.ask('residentMemory')
    }
    const early = await after(first)
    const late = await after(last - first)
    await app.child.stop()
    const line = (requests: number, bytes: number): Line => ({
      what: `after ${requests.toLocaleString('en-US')} requests`,
      unit: 'MB',
      value: once(bytes / megabyte),
      ratio: once(bytes / early),
    })
    return [line(first, early), { ...line(last, late), reach: { atMost: 1.2 } }]
  },
}
