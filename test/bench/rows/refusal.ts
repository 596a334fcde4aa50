import type { Running } from '../bench.ts'
import { hammered } from './entrant.ts'
import type { Race } from './row.ts'

const path = '/api/me'
const headers = { accept: 'application/json' }

/** What a script gets that is not signed in. */
export const refusalRow: Race = {
  id: 'refusal',
  path: `refusal of \`${path}\`, as JSON`,
  reference: 'bare',
  reach: { atLeast: 0.95 },
  async entrants(bench) {
    const running = [await bench.contender('bare'), await bench.contender('app')]
    for (const contender of running) {
      const status = await statusOf(contender)
      if (status === 404) return `${contender.name} has no \`${path}\` yet`
      if (status !== 401) throw new Error(`${contender.name}: ${path} answered ${status}, expected 401`)
    }
    const expected = { status: 401, text: ['"error"', '"code"', '"message"'] }
    return running.map((contender) =>
      hammered(bench, contender, { url: contender.baseUrl + path, headers, expected }),
    )
  },
}

async function statusOf({ baseUrl }: Running): Promise<number> {
  return (await fetch(baseUrl + path, { headers })).status
}
