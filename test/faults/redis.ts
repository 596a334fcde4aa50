import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'vitest'
import { UserAgent } from '../support/user-agent.ts'
import {
  expectSignedIn,
  expectSignedOut,
  type Fault,
  isSignedIn,
  onlySession,
  upToCallback,
  visit,
} from './fault.ts'
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
    fault: 'Redis gone',
    holds:
      'public pages as for a stranger, signed-in pages 503, /healthz 200, /readyz 503, and no cookie taken',
    alone: true,
    async run(stage) {
      const agent = await stage.signedIn()
      await stage.redis.kill()
      const home = await visit(agent, `${stage.url}/`)
      expect(home.status).toBe(200)
      expect(home.text).toContain('data-signed-in="false"')
      const profile = await visit(agent, `${stage.url}/profile`)
      expect(profile.status).toBe(503)
      expect(profile.text).toMatch(/Reference <code>/)
      expect((await visit(agent, `${stage.url}/healthz`)).status).toBe(200)
      expect((await visit(agent, `${stage.url}/readyz`)).status).toBe(503)
      for (const { headers } of [home, profile]) expect(headers.getSetCookie()).toEqual([])
      await stage.redis.start()
      await expect.poll(async () => (await visit(agent, `${stage.url}/profile`)).status).toBe(200)
    },
  },
  {
    fault: 'Redis gone at the callback',
    holds: 'the code is not used up: the same callback finishes the sign-in when Redis is back',
    alone: true,
    async run(stage) {
      const { agent, callback } = await upToCallback(stage)
      await stage.redis.kill()
      expect((await visit(agent, callback)).status).toBe(503)
      await stage.redis.start()
      await expect.poll(async () => (await visit(agent, callback)).status).toBe(303)
      // The other process finds Redis again in its own time.
      await expect.poll(() => isSignedIn(stage, agent)).toBe(true)
    },
  },
  {
    fault: 'Redis gone at the sign-out',
    holds: 'the browser is out at once, and says so honestly',
    alone: true,
    async run(stage) {
      const agent = await stage.signedIn()
      await stage.redis.kill()
      const page = await visit(agent, `${stage.url}/sign-out`)
      expect(page.status).toBe(503)
      await stage.redis.start()
      await expect.poll(async () => (await visit(agent, `${stage.url}/readyz`)).status).toBe(200)
      await expectSignedOut(stage, agent)
    },
  },
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
  ...(['not json', 'null', '"text"', '{"logto":{"idToken":1}}', ''] as const).map(
    (text): Fault => ({
      fault: `a row in Redis that cannot be read: ${text || 'empty'}`,
      holds: 'it is nobody’s session, with no error page, and a new sign-in succeeds',
      async run(stage) {
        const agent = await stage.signedIn()
        await stage.redis.set(stage.rowKey(await onlySession(stage)), text)
        await expectSignedOut(stage, agent)
        await agent.open(`${stage.url}/sign-in`)
        await expectSignedIn(stage, agent)
      },
    }),
  ),
  {
    fault: 'a process started while Redis is gone',
    holds: 'it answers public pages, and is ready as soon as Redis is there',
    alone: true,
    async run(stage) {
      const agent = await stage.signedIn()
      await stage.redis.kill()
      await stage.restart(0)
      stage.balancer.targets.splice(0, 2, stage.processes[0]?.port ?? 0)
      expect((await visit(agent, `${stage.url}/`)).status).toBe(200)
      expect((await visit(agent, `${stage.url}/readyz`)).status).toBe(503)
      await stage.redis.start()
      await expect.poll(async () => (await visit(agent, `${stage.url}/readyz`)).status).toBe(200)
      await expectSignedIn(stage, agent)
    },
  },
]
