import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'vitest'
import {
  audits,
  expectSignedIn,
  expectSignedOut,
  type Fault,
  onlySession,
  renewals,
  rowOf,
  settledLogs,
  sidOf,
  staleAgent,
  visit,
} from './fault.ts'

const shortGrace = { REFRESH_GRACE_SECONDS: '3' }

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
    fault: 'tokens that run out again and again, from a server that rotates refresh tokens',
    holds: 'each is renewed with the newest refresh token',
    async run(stage) {
      const { control } = stage.sandbox
      control.rotateRefreshTokens(true)
      const agent = await staleAgent(stage)
      control.shortenTokens(1)
      for (let round = 0; round < 3; round++) {
        await expectSignedIn(stage, agent)
        const { freshUntil } = (await rowOf(stage, await onlySession(stage))) ?? {}
        await expect.poll(() => Date.now()).toBeGreaterThan(Number(freshUntil))
      }
      await expectSignedIn(stage, agent)
    },
  },
  ...([500, 502, 503, 429, 401] as const).map(
    (status): Fault => ({
      fault: `a token endpoint that answers ${status}`,
      holds: 'the session goes on within its grace, and is renewed once that is over',
      async run(stage) {
        const { control } = stage.sandbox
        const agent = await staleAgent(stage)
        control.failTokens(status)
        const before = renewals(stage)
        await expectSignedIn(stage, agent, agent)
        expect(renewals(stage) - before).toBe(1)
        control.clearFaults()
        const { freshUntil } = (await rowOf(stage, await onlySession(stage))) ?? {}
        await expect.poll(() => Date.now()).toBeGreaterThan(Number(freshUntil))
        await expectSignedIn(stage, agent)
        expect((await rowOf(stage, await onlySession(stage)))?.failingSince).toBeUndefined()
      },
      settings: { REFRESH_GRACE_SECONDS: '30' },
    }),
  ),
  {
    fault: 'a token endpoint that resets connections',
    holds: 'the session goes on within its grace',
    async run(stage) {
      const agent = await staleAgent(stage)
      stage.sandbox.control.failTokens('reset')
      await expectSignedIn(stage, agent, agent)
    },
  },
  {
    fault: 'a token endpoint that fails for longer than the grace',
    holds: 'the session ends, the log says by what, and the next page asks to sign in',
    settings: shortGrace,
    async run(stage) {
      const agent = await staleAgent(stage)
      stage.sandbox.control.failTokens(503)
      await expectSignedIn(stage, agent)
      await expect
        .poll(async () => (await visit(agent, `${stage.url}/profile`)).status, { interval: 200 })
        .toBe(303)
      await expectSignedOut(stage, agent)
      expect(await stage.sessions()).toEqual([])
      expect(await audits(stage, 'ended')).toContainEqual(expect.objectContaining({ by: 'refresh_failed' }))
    },
  },
  {
    fault: 'a refresh that is refused',
    holds: 'the session ends at once, with no row left, and one line in the log',
    async run(stage) {
      const agent = await staleAgent(stage)
      stage.sandbox.control.refuseRefresh()
      await expectSignedOut(stage, agent)
      expect(await stage.sessions()).toEqual([])
      expect((await audits(stage, 'ended')).filter(({ by }) => by === 'refresh_refused')).toHaveLength(1)
      stage.sandbox.control.clearFaults()
      await expectSignedOut(stage, agent)
    },
  },
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
    fault: 'a session ended by its sid while its tokens are renewed',
    holds: 'no row afterwards, and a stranger on the page',
    async run(stage) {
      const { control } = stage.sandbox
      const agent = await staleAgent(stage)
      const sid = await sidOf(stage, await onlySession(stage))
      control.slowTokens(1500)
      const page = visit(agent, `${stage.url}/profile`)
      await expect.poll(() => stage.redis.keys()).toContainEqual(expect.stringContaining(':lease:'))
      expect((await control.backchannelLogout({ sid })).status).toBe(200)
      expect((await page).status).toBe(303)
      expect(await stage.sessions()).toEqual([])
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
  {
    fault: 'a refresh whose answer comes after the time limit of ordinary calls',
    holds: 'it is waited for, since it may hold the only refresh token that counts',
    settings: { LOGTO_TIMEOUT_SECONDS: '1' },
    async run(stage) {
      const { control } = stage.sandbox
      control.rotateRefreshTokens(true)
      const agent = await staleAgent(stage)
      control.slowTokens(2000)
      const before = renewals(stage)
      await expectSignedIn(stage, agent)
      expect(renewals(stage)).toBe(before + 1)
      expect((await settledLogs(stage)).filter(({ msg }) => msg === 'tokens were not renewed')).toEqual([])
    },
  },
  {
    fault: 'a token endpoint that answers in 3 s at the callback',
    holds: 'the sign-in is finished',
    async run(stage) {
      stage.sandbox.control.slowTokens(3000)
      const agent = await stage.signedIn()
      await expectSignedIn(stage, agent)
    },
  },
  {
    fault: 'a token endpoint that answers not in time at the callback',
    holds: 'an error page with a way on, and a new sign-in succeeds',
    settings: { LOGTO_TIMEOUT_SECONDS: '1' },
    async run(stage) {
      stage.sandbox.control.slowTokens(2500)
      const agent = await stage.signedIn()
      expect(agent.page?.status).toBe(503)
      expect(agent.page?.text).toMatch(/Try again.*Reference [0-9a-f]{10}/)
      stage.sandbox.control.clearFaults()
      await pause(0)
      await agent.click('Try again')
      await expectSignedIn(stage, agent)
    },
  },
]
