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

const forgeries = [
  'signature',
  'unknown-key',
  'alg-none',
  'hmac',
  'type',
  'issuer',
  'audience',
  'nonce',
  'no-events',
  'other-event',
  'expired',
  'old-iat',
  'future-iat',
  'no-iat',
  'no-exp',
  'no-jti',
  'no-subject',
] as const

/** Logto says that somebody is logged out, or a stranger pretends to. */
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
    fault: 'a back-channel logout by sub and sid together',
    holds: 'only that session ends',
    async run(stage) {
      const first = await stage.signedIn()
      const sid = await sidOf(stage, await onlySession(stage))
      const second = await stage.signedIn()
      await stage.sandbox.control.backchannelLogout({ sid, sub: personOf(stage) })
      await expectSignedOut(stage, first)
      await expectSignedIn(stage, second)
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
    fault: 'a logout token for somebody who is not signed in',
    holds: 'it is taken, and nobody else is out',
    async run(stage) {
      const agent = await stage.signedIn()
      const target = { sub: 'nobody-here', sid: 'no-session' }
      expect((await stage.sandbox.control.backchannelLogout(target)).status).toBe(200)
      await expectSignedIn(stage, agent)
    },
  },
  ...forgeries.map(
    (forged): Fault => ({
      fault: `a logout token forged: ${forged}`,
      holds: 'it is refused with 400, and nobody is out',
      async run(stage) {
        const agent = await stage.signedIn()
        const sid = await sidOf(stage, await onlySession(stage))
        const answer = await stage.sandbox.control.backchannelLogout({ sid }, { forged })
        expect(answer.status).toBe(400)
        expect(JSON.parse(answer.body)).toMatchObject({ error: 'invalid_request' })
        await expectSignedIn(stage, agent)
      },
    }),
  ),
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
  {
    fault: 'a person signing out at Logto from another app',
    holds: 'the session here ends too, by the logout token that Logto sends',
    async run(stage) {
      const agent = await stage.signedIn()
      const { endpoint, appId } = stage.sandbox.logto
      const query = new URLSearchParams({ client_id: appId, post_logout_redirect_uri: `${stage.url}/` })
      await agent.open(`${endpoint}/oidc/session/end?${query}`)
      await agent.submit()
      await expectSignedOut(stage, agent)
      await expect.poll(() => stage.sessions()).toEqual([])
    },
  },
  {
    fault: 'a sign-out while Logto is gone',
    holds: 'the session here has ended, and the page says what has not',
    async run(stage) {
      const agent = await stage.signedIn()
      stage.sandbox.control.outage()
      await visit(agent, `${stage.url}/sign-out`)
      expect(await stage.sessions()).toEqual([])
      await expectSignedOut(stage, agent)
    },
  },
  {
    fault: 'a cookie copied before the sign-out, and sent again after it',
    holds: 'it is nobody’s',
    async run(stage) {
      const agent = await stage.signedIn()
      const cookie = await agent.cookieHeader(stage.url)
      await visit(agent, `${stage.url}/sign-out`)
      const page = await fetch(`${stage.url}/`, { headers: { cookie } })
      expect(await page.text()).toContain('data-signed-in="false"')
    },
  },
]
