import { expect } from 'vitest'
import { movableName } from '../support/movable-name.ts'
import { startRedis } from '../support/redis-server.ts'
import { expectSignedIn, type Fault, settledLogs } from './fault.ts'
import { load } from './redis.ts'

/** Another Redis takes over, and the old one goes on answering. */
export const failoverFaults: Fault[] = [
  {
    fault: 'Redis and its replica swap their roles behind one name, no connection cut, under load',
    holds:
      'both processes serve again by themselves within 5 s, no session is lost, and each logs one line going, one coming back',
    alone: true,
    async run(stage) {
      const { redis } = stage
      const replica = await startRedis()
      const name = await movableName(redis.port)
      try {
        await redis.command('CONFIG', 'SET', 'repl-diskless-sync-delay', '0') // no other replica is waited for
        await replica.command('REPLICAOF', '127.0.0.1', String(redis.port))
        await expect.poll(() => replica.command('INFO', 'replication')).toContain('master_link_status:up')
        const REDIS_URL = `redis://127.0.0.1:${name.port}`
        await Promise.all([0, 1].map((index) => stage.restart(index, { REDIS_URL })))
        const agents = [await stage.signedIn(), await stage.signedIn()]
        const sessions = await stage.sessions()
        expect(sessions).toHaveLength(agents.length)
        expect(await redis.command('WAIT', '1', '5000')).toBe(1)

        const stop = load(stage, agents)
        await replica.command('REPLICAOF', 'NO', 'ONE')
        await redis.command('REPLICAOF', '127.0.0.1', String(replica.port))
        name.leadTo(replica.port)
        const ready = () =>
          Promise.all(
            stage.balancer.targets.map(
              async (port) => (await fetch(`http://127.0.0.1:${port}/readyz`)).status,
            ),
          )
        await expect.poll(ready, { timeout: 5000 }).toEqual([200, 200])
        const { statuses } = await stop()
        expect([200, 503]).toEqual(expect.arrayContaining([...statuses.keys()]))

        expect(await replica.keys()).toEqual(expect.arrayContaining(sessions.map(stage.rowKey)))
        await expectSignedIn(stage, ...agents, ...agents, await stage.signedIn())
        await settledLogs(stage)
        for (const { logs } of stage.processes) {
          const said = logs.map(({ msg }) => msg).filter((msg) => String(msg).startsWith('redis is'))
          expect(said).toEqual(['redis is away', 'redis is back'])
        }
      } finally {
        await name.close()
        await replica.close()
      }
    },
  },
]
