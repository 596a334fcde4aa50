import type { Running } from '../bench.ts'
import { hammered } from './entrant.ts'
import type { Race } from './row.ts'

const path = '/api/me'
const headers = { accept: 'application/json' }
const names = ['bare', 'logto-express', 'express-openid-connect', 'app', 'host'] as const

/** What a script gets that is not signed in. */
export const refusalRow: Race = {
  id: 'refusal',
  path: `refusal of \`${path}\`, as JSON`,
  reference: 'bare',
  reach: { app: { atLeast: 0.75 }, host: { atLeast: 0.75 } },
  async entrants(bench) {
    const running = await Promise.all(names.map((name) => bench.contender(name, { page: 'host' })))
    await Promise.all(running.map(assertRefused))
    const expected = { status: 401, text: ['"error"', '"code"', '"message"'] }
    return running.map((contender) =>
      hammered(bench, contender, { url: contender.baseUrl + path, headers, expected }),
    )
  },
}

async function assertRefused({ name, baseUrl }: Running): Promise<void> {
  const { status } = await fetch(baseUrl + path, { headers })
  if (status !== 401) throw new Error(`${name}: ${path} answered ${status}, expected 401`)
}
