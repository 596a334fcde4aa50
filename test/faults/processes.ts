import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'vitest'
import { expectSignedIn, type Fault, onlySession, renewals, rowOf, upToCallback, visit } from './fault.ts'

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
    fault: 'a callback sent twice, 60 ms apart, to two processes, its first answer lost',
    holds:
      'the code is used once, and the last answer signs the browser in, for longer than one access token',
    async run(stage) {
      const { control } = stage.sandbox
      const { agent, callback } = await upToCallback(stage)
      const cookie = await agent.cookieHeader(callback)
      const codes = () => control.tokenRequests.filter(({ grantType }) => grantType === 'authorization_code')
      const before = codes().length
      control.shortenTokens(1)
      control.slowTokens(200)
      const send = () => fetch(callback, { headers: { cookie }, redirect: 'manual' })
      const first = send()
      await pause(60)
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
]
