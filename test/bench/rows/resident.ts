import type { Line } from '../report/result.ts'
import { spreadOf } from '../report/statistics.ts'
import { signedInHome } from './pages.ts'
import type { Survey } from './row.ts'

const megabyte = 1_000_000

/** Whether the process grows with the requests it has answered. */
export const residentRow: Survey = {
  id: 'resident',
  path: 'resident memory',
  async measure(bench) {
    const [first, last] = bench.amounts.residentAfter
    const measured: Array<{ early: number; late: number }> = []
    for (let round = 0; round < bench.amounts.rounds; round++) {
      const app = await bench.contender('app')
      const shot = await signedInHome(bench, app)
      const after = async (requests: number) => {
        await bench.load.ask('hammer', { ...shot, connections: 32, amount: { requests } })
        return app.child.ask('residentMemory')
      }
      measured.push({ early: await after(first), late: await after(last - first) })
      await app.child.stop()
    }
    const line = (requests: number, when: 'early' | 'late'): Line => ({
      what: `after ${requests.toLocaleString('en-US')} requests`,
      unit: 'MB',
      value: spreadOf(measured.map((one) => one[when] / megabyte)),
      ratio: spreadOf(measured.map((one) => one[when] / one.early)),
    })
    return [line(first, 'early'), { ...line(last, 'late'), reach: { atMost: 1.2 } }]
  },
}
