import { setTimeout as pause } from 'node:timers/promises'
import { sign } from 'cookie-signature'
import { pino } from 'pino'
import { editRecords, redisPlace, removeCompany } from '../../../src/companies/index.ts'
import { RedisAwayError } from '../../../src/sso/redis/redis-away.ts'
import { connectRedis } from '../../../src/sso/redis/redis-connection.ts'
import { redisBackend } from '../../../src/sso/session/backend/redis-backend.ts'
import type { NewRow } from '../../../src/sso/session/backend/session-backend.ts'
import { sessionCookie } from '../../../src/sso/session/session-cookie.ts'
import { cookieSecret } from '../contenders/contender.ts'
import type { Redis } from '../redis.ts'
import { assertSameShape, companyAt, companyOf, personAt, rowOf } from './people.ts'
import type { Size } from './size.ts'

/** Rows that are made at once. */
const together = 50
const lifetime = 6 * 3_600_000

export interface Filled {
  size: Size
  /** Bytes that Redis needs for a session with its indexes. */
  bytes: number
  /** `Cookie` headers: of sessions picked evenly that stay, one of each of the crowd, all of the busiest person's. */
  asked: string[]
  crowd: string[]
  busiest: string[]
  /** Takes the first company away, as the command `companies` does. */
  removeCrowd: () => Promise<void>
  /** How many sessions the person has who has most. */
  leftOfBusiest: () => Promise<number>
  close: () => Promise<void>
}

/** Puts companies and sessions into a Redis by what the package itself writes them with. @param real a real sign-in's row */
export async function fill(
  redis: Redis,
  { baseUrl, real, size }: { baseUrl: string; real: NewRow; size: Size },
): Promise<Filled> {
  const connection = await connectRedis({ urls: [redis.url], baseUrl }, pino({ level: 'silent' }))
  const backend = redisBackend(connection, { idle: lifetime })
  const place = redisPlace(connection, { name: 'the bench', close: async () => {} })
  await editRecords(place, 'company', ({ put }) => {
    for (let at = 0; at < size.companies; at++) {
      const { slug: _, ...company } = companyOf(at)
      put(company.id, { company })
    }
  })
  const { name } = sessionCookie({ baseUrl })
  const cookieOf = (id: string) => `${name}=${encodeURIComponent(`s:${sign(id, cookieSecret)}`)}`
  const cookies = { asked: [] as string[], crowd: [] as string[], busiest: [] as string[] }
  const total = size.sessions + size.busiest - size.sessions / size.people
  const every = Math.floor(size.sessions / size.asked)
  let busiestSub: string | undefined

  /** A busy machine is late for the app's own limits; whoever signs in there tries again, too. */
  async function create(row: NewRow, triesLeft = 20): Promise<void> {
    try {
      const gaveWay = await backend.create(row)
      if (gaveWay?.length !== 0) throw new Error('a session was not taken')
    } catch (error) {
      if (!(error instanceof RedisAwayError) || triesLeft === 0) throw error
      await pause(1000)
      await create(row, triesLeft - 1)
    }
  }

  async function add(session: number): Promise<void> {
    const person = personAt(session, size)
    const row = rowOf(real, { person, company: companyAt(person, size) }, lifetime)
    if (session === 0) assertSameShape(real, row)
    await create(row)
    const cookie = cookieOf(row.id)
    if (person === size.people - 1) {
      cookies.busiest.push(cookie)
      busiestSub = row.names.find((each) => each.startsWith('sub:'))
    } else if (person < size.crowd) {
      if (session < size.people) cookies.crowd.push(cookie)
    } else if (session % every === 0) cookies.asked.push(cookie)
  }

  const before = await redis.usage()
  let next = 0
  const work = async () => {
    while (next < total) await add(next++)
  }
  await Promise.all(Array.from({ length: together }, work))
  const after = await redis.usage()
  const sub = busiestSub as `sub:${string}`
  return {
    size,
    bytes: (after.memory - before.memory) / total,
    ...cookies,
    removeCrowd: () => removeCompany(place, companyOf(0).id),
    leftOfBusiest: async () => (await backend.findByName(sub)).length,
    close: connection.close,
  }
}
