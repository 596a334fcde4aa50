import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'vitest'
import { cookieName } from '../support/responses.ts'
import { UserAgent } from '../support/user-agent.ts'
import {
  expectSignedIn,
  expectSignedOut,
  type Fault,
  onlySession,
  renewals,
  rowOf,
  upToCallback,
  visit,
} from './fault.ts'

const [older, newer] = ['older-secret-0123456789-abcdefghij', 'newer-secret-0123456789-abcdefghij']

/** Processes end and start, and a person's requests go now to one, now to another. */
export const processFaults: Fault[] = [
  {
    fault: 'the app killed and started again between /sign-in and /callback',
    holds: 'the sign-in finishes, and comes back to where it was begun',
    alone: true,
    async run(stage) {
      const { agent, callback } = await upToCallback(stage)
      await Promise.all([stage.restart(0), stage.restart(1)])
      const answer = await visit(agent, callback)
      expect([answer.status, answer.headers.get('location')]).toEqual([303, `${stage.url}/profile`])
      await expectSignedIn(stage, agent)
    },
  },
  {
    fault: 'a sign-in begun at one process and finished at the other',
    holds: 'it finishes, and both know the person',
    async run(stage) {
      const [first = 0, second = 0] = stage.balancer.targets
      stage.balancer.targets.splice(0, 2, first)
      const { agent, callback } = await upToCallback(stage)
      stage.balancer.targets.splice(0, 1, second)
      expect((await visit(agent, callback)).status).toBe(303)
      await expectSignedIn(stage, agent)
      stage.balancer.targets.splice(0, 1, first)
      await expectSignedIn(stage, agent)
      stage.balancer.targets.push(second)
    },
  },
  {
    fault: 'one of two processes killed',
    holds: 'nobody is signed out',
    alone: true,
    async run(stage) {
      const agents = [await stage.signedIn(), await stage.signedIn()]
      await stage.processes[0]?.kill()
      await expectSignedIn(stage, ...agents)
    },
  },
  {
    fault: 'both processes started again',
    holds: 'nobody is signed out',
    alone: true,
    async run(stage) {
      const agent = await stage.signedIn()
      await Promise.all([stage.restart(0), stage.restart(1)])
      await expectSignedIn(stage, agent)
    },
  },
  ...[0, 60].map(
    (apart): Fault => ({
      fault: `a callback sent twice, ${apart} ms apart, to two processes, its first answer lost`,
      holds:
        'the code is used once, and the last answer signs the browser in, for longer than one access token',
      async run(stage) {
        const { control } = stage.sandbox
        const { agent, callback } = await upToCallback(stage)
        const cookie = await agent.cookieHeader(callback)
        const codes = () =>
          control.tokenRequests.filter(({ grantType }) => grantType === 'authorization_code')
        const before = codes().length
        control.shortenTokens(1)
        control.slowTokens(200)
        const send = () => fetch(callback, { headers: { cookie }, redirect: 'manual' })
        const first = send()
        await pause(apart)
        const last = await send()
        for (const { status, headers } of [await first, last])
          expect([status, headers.get('location')]).toEqual([303, `${stage.url}/profile`])
        expect(codes().length - before).toBe(1)
        for (const set of last.headers.getSetCookie()) await agent.jar.setCookie(set, stage.url)
        const { freshUntil } = (await rowOf(stage, await onlySession(stage))) ?? {}
        await expect.poll(() => Date.now()).toBeGreaterThan(Number(freshUntil))
        const renewed = renewals(stage)
        await expectSignedIn(stage, agent)
        expect(renewals(stage)).toBeGreaterThan(renewed)
      },
    }),
  ),
  {
    fault: 'a new SESSION_SECRET put before the old one',
    holds: 'sessions signed with the old one go on',
    settings: { SESSION_SECRET: older },
    alone: true,
    async run(stage) {
      const agent = await stage.signedIn()
      const SESSION_SECRET = `${newer},${older}`
      await Promise.all([stage.restart(0, { SESSION_SECRET }), stage.restart(1, { SESSION_SECRET })])
      await expectSignedIn(stage, agent)
    },
  },
  {
    fault: 'an old SESSION_SECRET taken out of the list',
    holds: 'the sessions signed with it are over, those signed with the other go on',
    settings: { SESSION_SECRET: older },
    alone: true,
    async run(stage) {
      const early = await stage.signedIn()
      const both = `${newer},${older}`
      await Promise.all([0, 1].map((index) => stage.restart(index, { SESSION_SECRET: both })))
      const late = await stage.signedIn()
      await Promise.all([0, 1].map((index) => stage.restart(index, { SESSION_SECRET: newer })))
      await expectSignedOut(stage, early)
      await expectSignedIn(stage, late)
    },
  },
  {
    fault: 'SIGTERM with a page under way',
    holds: 'the page is finished, the process ends with 0, and nobody is signed out',
    alone: true,
    async run(stage) {
      const { control } = stage.sandbox
      const { agent, callback } = await upToCallback(stage)
      const [first] = stage.processes
      stage.balancer.targets.splice(1)
      control.slowTokens(1500)
      const before = control.tokenRequests.length
      const page = visit(agent, callback)
      await expect.poll(() => control.tokenRequests.length).toBeGreaterThan(before)
      first?.child.kill('SIGTERM')
      expect((await page).status).toBe(303)
      expect(await first?.exit).toBe(0)
      stage.balancer.targets.splice(0, 1, stage.processes[1]?.port ?? 0)
      await expectSignedIn(stage, agent)
    },
  },
  {
    fault: 'SIGTERM to a process, requests going on',
    holds: 'it says that it leaves, and until it is sent none, it answers every one',
    // Longer than any machine takes: when it is sent no more, the row says, and no clock.
    settings: { DRAIN_SECONDS: '600' },
    alone: true,
    async run({ url, signedIn, processes: [first], balancer }) {
      const agent = await signedIn()
      const pages: Promise<{ status: number }>[] = []
      const comeAndGo = async (count: number) => {
        for (let visitor = 0; visitor < count; visitor++) {
          pages.push(visit(agent, `${url}/profile`))
          await pause(10) // one after another, as visitors come
        }
      }
      await comeAndGo(20)
      first?.child.kill('SIGTERM')
      await comeAndGo(20)
      const probe = () => fetch(`http://127.0.0.1:${first?.port}/readyz`)
      await expect.poll(async () => (await probe()).status).toBe(503)
      await comeAndGo(20)
      expect((await probe()).headers.get('connection')).toBe('close')
      balancer.targets.shift() // as one does that has asked it
      await comeAndGo(20)
      expect(new Set((await Promise.all(pages)).map(({ status }) => status))).toEqual(new Set([200]))
      expect(balancer.repeated()).toBe(0)
      expect(first?.child.exitCode).toBeNull()
    },
  },
  {
    fault: 'limits that run out: the idle one',
    holds: 'the session is over, with no row left',
    settings: { SESSION_IDLE_SECONDS: '1' },
    async run(stage) {
      const agent = await stage.signedIn()
      await expect.poll(() => stage.sessions(), { interval: 300 }).toEqual([])
      await expectSignedOut(stage, agent)
    },
  },
  {
    fault: 'limits that run out: the absolute one, of somebody who is busy',
    holds: 'the session is over, and Logto asks for the password again',
    settings: { SESSION_ABSOLUTE_SECONDS: '3' },
    async run(stage) {
      const agent = await stage.signedIn()
      await expectSignedIn(stage, agent)
      await expect
        .poll(async () => (await visit(agent, `${stage.url}/profile`)).status, { interval: 200 })
        .toBe(303)
      expect(await stage.sessions()).toEqual([])
      await agent.open(`${stage.url}/sign-in`)
      expect(agent.page?.text).toContain('Single Sign-On')
    },
  },
  {
    fault: 'a session that is busy for longer than its idle limit',
    holds: 'it goes on',
    settings: { SESSION_IDLE_SECONDS: '1' },
    async run(stage) {
      const agent = await stage.signedIn()
      const id = await onlySession(stage)
      const start = Date.now()
      while (Date.now() - start < 2500) await expectSignedIn(stage, agent)
      expect(await stage.sessions()).toEqual([id])
    },
  },
  {
    fault: 'a session ID planted before the sign-in',
    holds: 'the sign-in gives a new one, and the planted one is nobody’s',
    async run(stage) {
      const attacker = await stage.signedIn()
      const planted = await attacker.cookieHeader(stage.url)
      const victim = new UserAgent()
      for (const cookie of planted.split('; ')) await victim.jar.setCookie(cookie, stage.url)
      await victim.open(`${stage.url}/sign-in`)
      const after = await victim.cookieHeader(stage.url)
      const session = (header: string) =>
        header.split('; ').find((cookie) => cookie.startsWith(cookieName('session', stage.url)))
      if (victim.page?.url === `${stage.url}/`) expect(session(after)).not.toBe(session(planted))
      else {
        await victim.click('Single Sign-On')
        await victim.submit({ email: 'employee@acme.example' })
        await victim.submit({ username: 'employee@acme.example', password: stage.sandbox.password })
        expect(session(await victim.cookieHeader(stage.url))).not.toBe(session(planted))
      }
      await expectSignedOut(stage, attacker)
    },
  },
]
