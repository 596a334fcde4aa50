import { expect } from 'vitest'
import {
  audits,
  endByPerson,
  expectSignedIn,
  expectSignedOut,
  type Fault,
  onlySession,
  personOf,
  sidOf,
  upToCallback,
  visit,
} from './fault.ts'

/** Logto says that somebody is logged out. */
export const logoutFaults: Fault[] = [
  {
    fault: 'a back-channel logout by sid, of one of two browsers',
    holds: 'that browser is out, the other is not, and the log says which session ended by what',
    async run(stage) {
      const first = await stage.signedIn()
      const sid = await sidOf(stage, await onlySession(stage))
      const second = await stage.signedIn()
      expect((await stage.sandbox.control.backchannelLogout({ sid })).status).toBe(200)
      await expectSignedOut(stage, first)
      await expectSignedIn(stage, second)
      expect(await stage.sessions()).toHaveLength(1)
      expect(await audits(stage, 'ended')).toContainEqual(
        expect.objectContaining({
          by: 'backchannel_logout',
          sub: personOf(stage),
          session: expect.stringMatching(/^[0-9a-f]{12}$/),
        }),
      )
    },
  },
  {
    fault: 'a back-channel logout by sub, and a new sign-in in browser A',
    holds: 'browser A is in, and browser B stays out',
    async run(stage) {
      const [a, b] = [await stage.signedIn(), await stage.signedIn()]
      expect(await endByPerson(stage)).toBe(200)
      await expectSignedOut(stage, a, b)
      expect(await stage.sessions()).toEqual([])
      await a.open(`${stage.url}/sign-in`)
      await expectSignedIn(stage, a)
      await expectSignedOut(stage, b)
    },
  },
  {
    fault: 'a logout token replayed to the other process, after a new sign-in',
    holds: 'it is refused, and the new session goes on',
    async run(stage) {
      const { control } = stage.sandbox
      const agent = await stage.signedIn()
      const token = await control.logoutToken({ sid: await sidOf(stage, await onlySession(stage)) })
      expect((await control.sendLogoutToken(token)).status).toBe(200)
      await agent.open(`${stage.url}/sign-in`)
      await expectSignedIn(stage, agent)
      for (const { port } of stage.processes) {
        const answer = await fetch(`http://localhost:${port}/backchannel-logout`, {
          method: 'POST',
          body: new URLSearchParams({ logout_token: token }),
        })
        expect(answer.status).toBe(400)
        expect(answer.headers.get('cache-control')).toContain('no-store')
        expect(await answer.json()).toMatchObject({ error: 'invalid_request' })
      }
      await expectSignedIn(stage, agent)
    },
  },
  {
    fault: 'a back-channel logout while Redis is gone',
    holds: 'it is answered with 503, so that it can be sent again, and then counts',
    alone: true,
    async run(stage) {
      const { control } = stage.sandbox
      const agent = await stage.signedIn()
      const token = await control.logoutToken({ sid: await sidOf(stage, await onlySession(stage)) })
      await stage.redis.kill()
      expect((await control.sendLogoutToken(token)).status).toBe(503)
      await stage.redis.start()
      await expect.poll(async () => (await control.sendLogoutToken(token)).status).toBe(200)
      await expectSignedOut(stage, agent)
    },
  },
  {
    fault: 'all of a person ended while one more sign-in of theirs is at its last step',
    holds: 'no session comes of it',
    async run(stage) {
      const { control } = stage.sandbox
      await stage.signedIn()
      const { agent, callback } = await upToCallback(stage)
      control.slowTokens(1000)
      const page = visit(agent, callback)
      const before = control.tokenRequests.length
      await expect.poll(() => control.tokenRequests.length).toBeGreaterThan(before)
      expect(await endByPerson(stage)).toBe(200)
      expect((await page).status).toBe(403)
      await expectSignedOut(stage, agent)
      expect(await stage.sessions()).toEqual([])
    },
  },
]
