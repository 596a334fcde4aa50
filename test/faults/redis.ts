import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'vitest'
import { UserAgent } from '../support/user-agent.ts'
import { expectSignedIn, expectSignedOut, type Fault, visit } from './fault.ts'
import type { Stage } from './stage.ts'

/** Visits pages without pause until told to stop, and gives the statuses and how long the slowest took. */
export function load({ url }: Stage, agents: UserAgent[]) {
  let stopped = false
  const statuses = new Map<number, number>()
  let slowest = 0
  const done = Promise.all(
    agents.map(async (agent) => {
      while (!stopped) {
        const start = performance.now()
        const { status } = await visit(agent, `${url}/profile`)
        slowest = Math.max(slowest, performance.now() - start)
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
        await pause(20)
      }
    }),
  )
  return async () => {
    stopped = true
    await done
    return { statuses, slowest }
  }
}

/** Redis is gone, or hangs, or has lost its memory. */
export const redisFaults: Fault[] = [
  ...(
    [
      ['killed for 5 s', (stage: Stage) => stage.redis.kill(), (stage: Stage) => stage.redis.start()],
      ['hanging for 5 s', async (s: Stage) => s.redis.freeze(), async (s: Stage) => s.redis.thaw()],
    ] as const
  ).map(
    ([what, away, back]): Fault => ({
      fault: `Redis ${what} under load`,
      holds: 'nobody’s session is lost, every answer comes within 2 s, and is a page or a 503',
      alone: true,
      async run(stage) {
        const agents = await Promise.all(Array.from({ length: 10 }, () => stage.signedIn()))
        const stop = load(stage, agents)
        await pause(300)
        await away(stage)
        await pause(5000)
        await back(stage)
        await expect.poll(async () => (await visit(new UserAgent(), `${stage.url}/readyz`)).status).toBe(200)
        const { statuses, slowest } = await stop()
        expect([...statuses.keys()].toSorted()).toEqual([200, 503])
        expect(slowest).toBeLessThan(2000)
        await expect.poll(async () => (await visit(new UserAgent(), `${stage.url}/readyz`)).status).toBe(200)
        await expectSignedIn(stage, ...agents)
      },
    }),
  ),
  {
    fault: 'Redis that has forgotten everything',
    holds: 'everybody is a stranger, with no error page, and can sign in again',
    alone: true,
    async run(stage) {
      const agent = await stage.signedIn()
      await stage.redis.flush()
      await expectSignedOut(stage, agent)
      expect((await visit(agent, `${stage.url}/profile`)).status).toBe(303)
      await agent.open(`${stage.url}/sign-in?return_to=/profile`)
      expect(agent.page?.url).toBe(`${stage.url}/profile`)
      await expectSignedIn(stage, agent)
    },
  },
]
