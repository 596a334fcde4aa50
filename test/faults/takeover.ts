import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'vitest'
import { fromText, type SignedIn, sidOf } from '../../src/sso/session/session-data.ts'
import { startCluster } from '../support/redis-cluster.ts'
import { startWatchedRedis } from '../support/redis-sentinels.ts'
import type { RedisServer } from '../support/redis-server.ts'
import type { UserAgent } from '../support/user-agent.ts'
import { expectSignedIn, type Fault, visit } from './fault.ts'
import { load } from './redis.ts'
import type { Stage } from './stage.ts'

/** Servers that the processes are to use, in place of the stage's. */
interface Servers {
  settings: Record<string, string>
  /** Those that hold sessions. */
  primaries: RedisServer[]
}

/** The text under a key of a session, wherever it is. */
const textAt = async (servers: RedisServer[], key: string) =>
  (await Promise.all(servers.map(({ get }) => get(key).catch(() => undefined)))).find(Boolean) ?? ''

interface Person {
  agent: UserAgent
  sid: string
  key: string
}

/** Browsers that somebody has signed in with, and Logto's names for their sessions. */
async function signedInMany(stage: Stage, { primaries }: Servers, count: number) {
  const people: Person[] = []
  while (people.length < count) {
    const agent = await stage.signedIn()
    const keys = (await Promise.all(primaries.map(({ keys }) => keys()))).flat()
    const isNew = (key: string) =>
      key.startsWith(stage.rowKey('')) && !people.some((each) => each.key === key)
    const [key = '', ...others] = keys.filter(isNew)
    expect(others).toEqual([])
    people.push({ agent, key, sid: sidOf(fromText(await textAt(primaries, key)) as SignedIn) ?? '' })
  }
  return people
}

const profileOf = async (stage: Stage, agent: UserAgent) =>
  (await visit(agent, `${stage.url}/profile`)).status

const readiness = ({ balancer }: Stage) =>
  Promise.all(balancer.targets.map(async (port) => (await fetch(`http://127.0.0.1:${port}/readyz`)).status))

/**
 * Lets something happen to the servers under load, and expects that the processes serve again by themselves, that nobody
 * is signed out by it, and that nobody is back whose session ended before it or while it went on.
 *
 * @param happen is given those who stay signed in
 * @returns the statuses of the pages meanwhile
 */
async function lastsThrough(
  stage: Stage,
  servers: Servers,
  happen: (staying: Person[]) => Promise<unknown>,
  after: () => Promise<unknown> = async () => {},
): Promise<number[]> {
  const { control } = stage.sandbox
  await Promise.all([0, 1].map((index) => stage.restart(index, servers.settings)))
  const [early, late, ...staying] = await signedInMany(stage, servers, 4)
  const agents = staying.map(({ agent }) => agent)
  const end = async (sid = '') => (await control.backchannelLogout({ sid })).status
  expect(await end(early?.sid)).toBe(200)
  for (const { command } of servers.primaries) await command('WAIT', '1', '5000')

  const stop = load(stage, agents)
  await happen(staying)
  // Logto, or whoever ends a session, is told that it is not done, and comes again.
  await expect.poll(() => end(late?.sid)).toBe(200)
  await expect.poll(() => readiness(stage), { timeout: 10_000 }).toEqual([200, 200])
  await after()
  await expect.poll(() => readiness(stage)).toEqual([200, 200])
  const { statuses } = await stop()

  await expectSignedIn(stage, ...agents, ...agents, await stage.signedIn())
  for (const person of [early, late, early, late])
    expect(person && (await profileOf(stage, person.agent))).toBe(303)
  return [...statuses.keys()].toSorted()
}

/** A cluster of three primaries, each with a replica. */
async function onCluster(
  run: (cluster: Awaited<ReturnType<typeof startCluster>>, servers: Servers) => Promise<void>,
) {
  const cluster = await startCluster({ replicated: true })
  try {
    await run(cluster, { settings: { REDIS_URL: cluster.url }, primaries: cluster.primaries })
  } finally {
    await cluster.close()
  }
}

/** A primary, its replica and three Sentinels. */
async function onSentinels(
  run: (redis: Awaited<ReturnType<typeof startWatchedRedis>>, servers: Servers) => Promise<void>,
) {
  const redis = await startWatchedRedis()
  const settings = { REDIS_URL: redis.url, REDIS_SENTINELS: redis.sentinels.join(',') }
  try {
    await run(redis, { settings, primaries: [redis.primary] })
  } finally {
    await redis.close()
  }
}

const holds =
  'the processes serve again by themselves, nobody is signed out, and nobody is back who was ended'
const mayWait = (statuses: number[]) => expect([200, 503]).toEqual(expect.arrayContaining(statuses))
const isReplica = ({ command }: RedisServer) =>
  expect.poll(() => command('INFO', 'replication'), { timeout: 30_000 }).toContain('role:slave')

/** Another server takes over from one that is gone, or a part of its keys. */
export const takeoverFaults: Fault[] = [
  {
    fault: 'a primary of a Redis Cluster killed under load',
    holds,
    alone: true,
    run: (stage) =>
      onCluster(async ({ primaries }, servers) => {
        mayWait(await lastsThrough(stage, servers, async () => primaries[0]?.kill()))
      }),
  },
  {
    fault: 'a primary of a Redis Cluster cut off under load, and back when its replica has taken over',
    holds,
    alone: true,
    run: (stage) =>
      onCluster(async ({ primaries: [first, ...others] }, servers) => {
        if (!first) throw new Error('no primary')
        const statuses = await lastsThrough(
          stage,
          servers,
          async () => {
            first.freeze()
            for (const { command } of others)
              await expect.poll(() => command('CLUSTER', 'NODES')).toMatch(new RegExp(`${first.id} .*fail `))
          },
          async () => {
            first.thaw()
            await isReplica(first)
          },
        )
        mayWait(statuses)
      }),
  },
  {
    fault: 'slots of a Redis Cluster moved under load, and pages read half way',
    holds: 'every page is shown, nobody is signed out, and nobody is back who was ended',
    alone: true,
    run: (stage) =>
      onCluster(async ({ primaries: [first, second, third], move }, servers) => {
        if (!first || !second || !third) throw new Error('too few primaries')
        const statuses = await lastsThrough(stage, servers, async (staying) => {
          for (const { key, agent } of staying) {
            const slot = Number(await first.command('CLUSTER', 'KEYSLOT', key))
            const around = [first, second, third, first]
            const from = Math.floor(slot / 5462)
            await move(String(slot), around[from] ?? first, around[from + 1] ?? first, async () => {
              for (const _process of stage.processes) expect(await profileOf(stage, agent)).toBe(200)
              expect(await readiness(stage)).toEqual([200, 200])
            })
          }
        })
        expect(statuses).toEqual([200])
      }),
  },
  {
    fault: 'two of three Sentinels hanging under load',
    holds: 'every page is shown, nobody is signed out, and nobody is back who was ended',
    alone: true,
    run: (stage) =>
      onSentinels(async ({ watchers: [, ...two] }, servers) => {
        const statuses = await lastsThrough(stage, servers, async () => {
          for (const { freeze } of two) freeze()
          await pause(3000) // they are asked once a second
        })
        expect(statuses).toEqual([200])
      }),
  },
  {
    fault: 'the primary that Sentinels watch killed under load',
    holds,
    alone: true,
    run: (stage) =>
      onSentinels(async ({ primary }, servers) => {
        mayWait(await lastsThrough(stage, servers, () => primary.kill()))
      }),
  },
  {
    fault: 'the primary that Sentinels watch cut off under load, and back when its replica has taken over',
    holds,
    alone: true,
    run: (stage) =>
      onSentinels(async ({ primary }, servers) => {
        const after = async () => {
          primary.thaw()
          await isReplica(primary)
        }
        mayWait(await lastsThrough(stage, servers, async () => primary.freeze(), after))
      }),
  },
]
