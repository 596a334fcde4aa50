import type { Line } from '../report/result.ts'
import { once } from '../report/statistics.ts'
import type { Survey } from './row.ts'

/** What a session costs where it is kept. */
export const atRestRow: Survey = {
  id: 'at-rest',
  path: 'session at rest',
  async measure(bench) {
    const { sessions, people, tokenBytes } = await bench.sessionsAtRest()
    const rowBytes = Buffer.byteLength(sessions[0] ?? '')
    const lines: Line[] = [
      { what: 'its tokens', unit: 'bytes', value: once(tokenBytes) },
      {
        what: 'its row',
        unit: 'bytes',
        value: once(rowBytes),
        ratio: once(rowBytes / tokenBytes),
        reach: { atMost: 1.3 },
      },
      {
        what: `rows for ${people} people signed in, after strangers and abandoned sign-ins`,
        unit: 'rows',
        value: once(sessions.length),
        reach: { atMost: people },
      },
    ]
    return lines
  },
}
