import { expect } from 'vitest'
import {
  audits,
  expectSignedIn,
  type Fault,
  onlySession,
  renewals,
  rowOf,
  staleAgent,
  visit,
} from './fault.ts'

/** The token endpoint is slow, or fails, or refuses, when the access token has run out. */
export const tokenFaults: Fault[] = [
  ...([false, true] as const).map(
    (rotates): Fault => ({
      fault: `a token endpoint of 5 s that ${rotates ? 'rotates' : 'keeps'} refresh tokens, 50 requests at once over two processes`,
      holds: 'exactly one refresh, and nobody signed out',
      async run(stage) {
        const { control } = stage.sandbox
        control.rotateRefreshTokens(rotates)
        const agent = await staleAgent(stage)
        control.slowTokens(5000)
        const before = renewals(stage)
        const pages = await Promise.all(
          Array.from({ length: 50 }, () => visit(agent, `${stage.url}/profile`)),
        )
        expect(pages.map(({ status }) => status)).toEqual(Array(50).fill(200))
        expect(renewals(stage) - before).toBe(1)
        await expectSignedIn(stage, agent)
      },
    }),
  ),
  {
    fault: 'a refresh that is refused to 20 requests at once over two processes',
    holds: 'all of them see a stranger, and one line says why',
    async run(stage) {
      const agent = await staleAgent(stage)
      stage.sandbox.control.refuseRefresh()
      const before = (await audits(stage, 'ended')).length
      const pages = await Promise.all(Array.from({ length: 20 }, () => visit(agent, `${stage.url}/profile`)))
      expect(pages.map(({ status }) => status)).toEqual(Array(20).fill(303))
      expect(await audits(stage, 'ended')).toHaveLength(before + 1)
    },
  },
  {
    fault: 'a Logto that is gone when tokens run out',
    holds: 'pages are shown within the grace, and the session is renewed when Logto is back',
    settings: { REFRESH_GRACE_SECONDS: '30' },
    async run(stage) {
      const agent = await staleAgent(stage)
      stage.sandbox.control.outage()
      await expectSignedIn(stage, agent)
      stage.sandbox.control.clearFaults()
      const { freshUntil } = (await rowOf(stage, await onlySession(stage))) ?? {}
      await expect.poll(() => Date.now()).toBeGreaterThan(Number(freshUntil))
      const before = renewals(stage)
      await expectSignedIn(stage, agent)
      expect(renewals(stage)).toBe(before + 1)
    },
  },
  {
    fault: 'a Logto that takes connections and says nothing when tokens run out',
    holds: 'the page is shown after the time limit, later ones at once',
    settings: { LOGTO_TIMEOUT_SECONDS: '0.5' },
    async run(stage) {
      const agent = await staleAgent(stage)
      stage.sandbox.control.outage('silent')
      await expectSignedIn(stage, agent)
      const start = performance.now()
      await expectSignedIn(stage, agent)
      expect(performance.now() - start).toBeLessThan(1000)
    },
  },
  {
    fault: 'a process killed in the middle of a refresh',
    holds: 'another process takes over when the lease has run out, and nobody is signed out',
    alone: true,
    async run(stage) {
      const { control } = stage.sandbox
      const agent = await staleAgent(stage)
      control.slowTokens(4000)
      const [first = 0, second = 0] = stage.balancer.targets
      stage.balancer.targets.splice(0, 2, first)
      const cut = visit(agent, `${stage.url}/profile`).catch(() => undefined)
      await expect.poll(() => stage.redis.keys()).toContainEqual(expect.stringContaining(':lease:'))
      await stage.processes[0]?.kill()
      await cut
      control.clearFaults()
      stage.balancer.targets.splice(0, 1, second)
      await expectSignedIn(stage, agent)
    },
  },
]
