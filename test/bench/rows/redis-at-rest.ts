import { randomBytes } from 'node:crypto'
import { pino } from 'pino'
import { connectRedis } from '../../../src/sso/redis/redis-connection.ts'
import { redisBackend } from '../../../src/sso/session/backend/redis-backend.ts'
import { anotherSession, namesIn } from '../memory/another-session.ts'
import { type Redis, startRedis } from '../redis.ts'
import type { Line } from '../report/result.ts'
import { spreadOf } from '../report/statistics.ts'
import type { Survey } from './row.ts'

const hour = 3_600_000
/** Commands under way at once. */
const together = 100

/** What Redis needs for each session, and for each page of it: how far one of them goes. */
export const redisAtRestRow: Survey = {
  id: 'redis-at-rest',
  path: 'sessions in Redis',
  async measure(bench) {
    const [template = ''] = (await bench.sessionsAtRest()).sessions
    const measured: Array<{ bytes: number; cpu: number }> = []
    for (let round = 0; round < bench.amounts.rounds; round++) {
      const server = await startRedis()
      if (!server) return 'there is no `redis-server` here'
      bench.defer(server.close)
      measured.push(await needed(server, template, bench.amounts.sessions / 10))
      await server.close()
    }
    const lines: Line[] = [
      {
        what: 'one of them, with its index',
        unit: 'bytes',
        value: spreadOf(measured.map(({ bytes }) => bytes)),
        ratio: spreadOf(measured.map(({ bytes }) => bytes / Buffer.byteLength(template))),
      },
      {
        what: 'CPU of `redis-server` for a page',
        unit: 'µs',
        value: spreadOf(measured.map(({ cpu }) => cpu)),
      },
    ]
    return lines
  },
}

/** @returns bytes of one session, and microseconds of CPU for a page of it */
async function needed(
  server: Redis,
  template: string,
  count: number,
): Promise<{ bytes: number; cpu: number }> {
  const connection = await connectRedis(
    { urls: [server.url], baseUrl: 'http://localhost:3000' },
    pino({ level: 'silent' }),
  )
  const backend = redisBackend(connection, { idle: hour })
  try {
    const ids: string[] = []
    const add = async () => {
      const text = anotherSession(template)
      const id = randomBytes(24).toString('base64url')
      ids.push(id)
      const now = Date.now()
      await backend.create({ id, text, names: namesIn(text), endsAt: now + hour, since: now })
    }
    const empty = await server.usage()
    await manyTimes(count, add)
    const full = await server.usage()
    await manyTimes(count * 10, (turn) => backend.read(ids[turn % count] ?? ''))
    const read = await server.usage()
    return { bytes: (full.memory - empty.memory) / count, cpu: (read.cpu - full.cpu) / (count * 10) }
  } finally {
    await connection.close()
  }
}

async function manyTimes(count: number, task: (turn: number) => Promise<unknown>): Promise<void> {
  for (let turn = 0; turn < count; turn += together) {
    await Promise.all(Array.from({ length: Math.min(together, count - turn) }, (_, i) => task(turn + i)))
  }
}
