import type { Bench } from '../bench.ts'
import { application } from '../issuer/issuer.ts'
import type { IssuerCommands } from '../issuer/serve.ts'
import type { Child } from '../processes/child.ts'
import { startRedis } from '../redis.ts'
import { spreadOf } from '../report/statistics.ts'
import { ask, headersOf, isSignedIn, isStranger } from './ask.ts'
import { type Filled, fill } from './fill.ts'
import type { Pages, ScaleLoadCommands } from './load.ts'
import type { ScaleCommands } from './serve.ts'
import { beside, type Size, sizeOf } from './size.ts'
import { realSession } from './template.ts'

const host = 'scale.example'
const baseUrl = `http://${host}`
/** Pages under way at once. */
const connections = 32

/** What was measured on one Redis. */
export interface Measured extends Pick<Filled, 'size' | 'bytes'> {
  /** Bytes of a session's tokens. */
  tokens: number
  /** Milliseconds from the start of a process to its first signed-in page, beside the one that is there. */
  start: number
  /** Of each round; CPU times in microseconds for each page. */
  turns: Array<Pages & { redisCpu: number; appCpu: number }>
  /** Milliseconds of the sign-out everywhere of the person with most sessions. */
  everywhere: number
  /** What came of the company that was taken away: milliseconds, and how fast pages of others were before and meanwhile. */
  away: { people: number; heard: number; all: number; before: number; during: number }
}

/** A Redis with what is in it, and a process of the app. */
interface Side extends Filled {
  redis: NonNullable<Awaited<ReturnType<typeof startRedis>>>
  app: Child<ScaleCommands>
  url: string
}

/**
 * Measures pages with many sessions in Redis beside few, in turns, and what ends many at once.
 *
 * @param typed how many sessions, as `sizeOf` takes them
 * @returns what was measured with few, and with many; undefined on a machine without Redis
 */
export async function measureScale(
  bench: Bench,
  typed: string,
): Promise<[few: Measured, many: Measured] | undefined> {
  const many = sizeOf(typed)
  const few: Size = {
    ...many,
    ...{ sessions: beside, people: beside / 5, asked: Math.min(many.asked, beside) },
  }
  const { row: real, tokenBytes: tokens } = await realSession()
  const logto = {
    ...application,
    endpoint: await bench.spawn<IssuerCommands>('issuer/serve.ts').ask('serve'),
  }
  const load = bench.spawn<ScaleLoadCommands>('scale/load.ts')
  const others = bench.spawn<ScaleLoadCommands>('scale/load.ts')

  async function sideOf(size: Size): Promise<Side | undefined> {
    const redis = await startRedis(['--maxmemory', '8gb'])
    if (!redis) return undefined
    bench.defer(redis.close)
    bench.tell(`${size.sessions} sessions`)
    const crowd = Math.min(size.crowd, size.people / 2)
    const filled = await fill(redis, { baseUrl, real, size: { ...size, crowd } })
    bench.defer(filled.close)
    // As many for each, or the load itself would have more work, and more memory, with many than with few.
    const asked = Array.from({ length: many.asked }, (_, at) => filled.asked[at % filled.asked.length] ?? '')
    return { ...filled, asked, redis, ...(await started(redis.url)) }
  }

  async function started(redisUrl: string): Promise<Pick<Side, 'app' | 'url'>> {
    const app = bench.spawn<ScaleCommands>('scale/serve.ts')
    // No session is old enough for a look at Logto, which knows none of them.
    const settings = { LOGTO_CHECK_SECONDS: '0' }
    return { app, url: await app.ask('serve', { baseUrl, logto, page: 'demo', redisUrl, settings }) }
  }

  /** Another process, while the first one serves. */
  async function startBeside({ redis, asked: [cookie = ''] }: Side): Promise<number> {
    const since = performance.now()
    const { app, url } = await started(redis.url)
    const { text } = await ask(url, headersOf(host, cookie))
    const time = performance.now() - since
    if (!isSignedIn(text)) throw new Error(`the second process shows ${text.slice(0, 500)}`)
    await app.stop()
    return time
  }

  /** On a machine busy with other things Redis may be late, and somebody a stranger for once. Who is out stays out. */
  async function pagesOf(
    { url, asked }: Pick<Side, 'url' | 'asked'>,
    seconds: number,
    triesLeft = 3,
  ): Promise<Pages> {
    try {
      return await load.ask('pages', { url, host, cookies: asked, connections, seconds })
    } catch (error) {
      if (triesLeft === 0) throw error
      bench.tell(`once more: ${error instanceof Error ? error.message.slice(0, 60) : error}`)
      return pagesOf({ url, asked }, seconds, triesLeft - 1)
    }
  }

  async function turn(side: Side, seconds: number) {
    const cpu = async () => [(await side.redis.usage()).cpu, await side.app.ask('cpuTime')] as const
    const [redisBefore, appBefore] = await cpu()
    const pages = await pagesOf(side, seconds)
    const [redisAfter, appAfter] = await cpu()
    const { answers } = pages
    return {
      ...pages,
      redisCpu: (redisAfter - redisBefore) / answers,
      appCpu: (appAfter - appBefore) / answers,
    }
  }

  async function signOutEverywhere({ url, busiest, size, leftOfBusiest }: Side): Promise<number> {
    const [cookie = '', ...elsewhere] = busiest
    if ((await leftOfBusiest()) !== size.busiest) throw new Error('the person has not so many sessions')
    const form = { origin: baseUrl, 'content-type': 'application/x-www-form-urlencoded' }
    const since = performance.now()
    const { status } = await ask(
      `${url}/sessions/end-everywhere`,
      { ...headersOf(host, cookie), ...form },
      '',
    )
    const time = performance.now() - since
    const pages = await Promise.all(elsewhere.map((each) => ask(url, headersOf(host, each))))
    if (status !== 303 || (await leftOfBusiest()) !== 0 || !pages.every(({ text }) => isStranger(text)))
      throw new Error(`a session is left after a sign-out everywhere (${status})`)
    return time
  }

  async function takeAway(side: Side): Promise<Measured['away']> {
    const { url, crowd, size, removeCrowd } = side
    const { rate: before } = await pagesOf(side, size.seconds)
    await removeCrowd()
    const going = others.ask('turnedAway', { url, host, cookies: crowd, each: size.comeBack })
    const rates: number[] = []
    let isOver = false
    const over = going.finally(() => {
      isOver = true
    })
    over.catch(() => {})
    while (!isOver) rates.push((await pagesOf(side, Math.min(2, size.seconds))).rate)
    const { heard, all } = await over
    return { people: crowd.length, heard, all, before, during: spreadOf(rates).median }
  }

  const sides = [await sideOf(few), await sideOf(many)]
  const [little, much] = sides
  if (!little || !much) return undefined
  const turns = new Map<Side, Measured['turns']>([
    [little, []],
    [much, []],
  ])
  for (const [side] of turns) await pagesOf(side, bench.amounts.warmUp)
  for (let round = 0; round < many.rounds; round++)
    for (const [side, done] of turns) done.push(await turn(side, many.seconds))
  const measure = async (side: Side): Promise<Measured> => ({
    ...{ size: side.size, bytes: side.bytes, tokens, turns: turns.get(side) ?? [] },
    start: await startBeside(side),
    everywhere: await signOutEverywhere(side),
    away: await takeAway(side),
  })
  return [await measure(little), await measure(much)]
}
