import { createHmac } from 'node:crypto'
import { expect } from 'vitest'
import {
  audits,
  email,
  expectSignedIn,
  expectSignedOut,
  type Fault,
  personOf,
  staleAgent,
  visit,
} from './fault.ts'
import type { Stage } from './stage.ts'

/** Sends a delivery as Logto does, or nearly. */
function deliver(
  { url, sandbox }: Stage,
  payload: object | string,
  { key = sandbox.webhookKey, signature }: { key?: string; signature?: string | null } = {},
): Promise<Response> {
  const body = typeof payload === 'string' ? payload : JSON.stringify(payload)
  const right = createHmac('sha256', key).update(body).digest('hex')
  return fetch(`${url}/webhooks/logto`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      ...(signature !== null && { 'logto-signature-sha-256': signature ?? right }),
    },
  })
}

const suspension = (stage: Stage, isSuspended = true) => ({
  event: 'User.SuspensionStatus.Updated',
  createdAt: new Date().toISOString(),
  params: { userId: personOf(stage) },
  data: { id: personOf(stage), isSuspended },
})

/** People who leave, and those who pretend that somebody left. */
export const peopleFaults: Fault[] = [
  {
    fault: 'a suspension, of somebody with five sessions',
    holds: 'all of them ended in under a second, nobody else’s, and a new sign-in is refused',
    alone: true,
    async run(stage) {
      const agents = await Promise.all(Array.from({ length: 5 }, () => stage.signedIn()))
      const start = performance.now()
      await stage.sandbox.control.suspend(email)
      await expectSignedOut(stage, ...agents)
      expect(performance.now() - start).toBeLessThan(1000)
      expect(await stage.sessions()).toEqual([])
      expect((await audits(stage, 'ended')).filter(({ by }) => by === 'user_suspended')).toHaveLength(5)
      await expectSignedOut(stage, await stage.signedIn())
      await stage.sandbox.control.unsuspend(email)
      await expectSignedIn(stage, await stage.signedIn())
    },
  },
  {
    fault: 'a deletion at Logto',
    holds: 'every session of the person ends at once',
    alone: true,
    async run(stage) {
      const agents = [await stage.signedIn(), await stage.signedIn()]
      await stage.sandbox.control.delete(email)
      await expectSignedOut(stage, ...agents)
      expect(await stage.sessions()).toEqual([])
      expect(await audits(stage, 'ended')).toContainEqual(expect.objectContaining({ by: 'user_deleted' }))
    },
  },
  {
    fault: 'a suspension whose delivery gets lost',
    holds: 'the person is out when the access token runs out',
    alone: true,
    async run(stage) {
      const agent = await staleAgent(stage)
      for (const hook of stage.sandbox.tenant.hooks) hook.enabled = false
      await stage.sandbox.control.suspend(email)
      await expectSignedOut(stage, agent)
      expect(await audits(stage, 'ended')).toContainEqual(expect.objectContaining({ by: 'refresh_refused' }))
    },
  },
  {
    fault: 'a suspension lifted',
    holds: 'it ends nothing',
    async run(stage) {
      const agent = await stage.signedIn()
      expect((await deliver(stage, suspension(stage, false))).status).toBe(204)
      await expectSignedIn(stage, agent)
    },
  },
  {
    fault: 'a delivery of an event that nobody asked for',
    holds: 'it is taken, and ends nothing',
    async run(stage) {
      const agent = await stage.signedIn()
      const answer = await deliver(stage, { ...suspension(stage), event: 'User.Data.Updated' })
      expect(answer.status).toBe(204)
      await expectSignedIn(stage, agent)
    },
  },
  ...(
    [
      ['with no signature', { signature: null }],
      ['signed with another key', { key: 'another-key' }],
      ['with a signature that is no hex', { signature: 'x'.repeat(64) }],
      ['with a signature too short', { signature: 'ab' }],
      ['with an empty signature', { signature: '' }],
    ] as const
  ).map(
    ([what, options]): Fault => ({
      fault: `a delivery ${what}`,
      holds: 'it is refused with 401, and nobody is out',
      async run(stage) {
        const agent = await stage.signedIn()
        expect((await deliver(stage, suspension(stage), options)).status).toBe(401)
        await expectSignedIn(stage, agent)
      },
    }),
  ),
  {
    fault: 'a delivery whose body was changed on the way',
    holds: 'it is refused with 401, and nobody is out',
    async run(stage) {
      const agent = await stage.signedIn()
      const body = JSON.stringify(suspension(stage, false))
      const signature = createHmac('sha256', stage.sandbox.webhookKey).update(body).digest('hex')
      const answer = await deliver(stage, body.replace('false', 'true '), { signature })
      expect(answer.status).toBe(401)
      await expectSignedIn(stage, agent)
    },
  },
  {
    fault: 'a delivery replayed after the suspension was lifted and the person signed in again',
    holds: 'it is taken, and ends nothing that began since',
    async run(stage) {
      const agent = await stage.signedIn()
      const delivery = suspension(stage)
      expect((await deliver(stage, delivery)).status).toBe(204)
      await expectSignedOut(stage, agent)
      await agent.open(`${stage.url}/sign-in`)
      expect((await deliver(stage, delivery)).status).toBe(204)
      await expectSignedIn(stage, agent)
    },
  },
  ...(
    [
      ['that is not JSON', 'not json'],
      ['that is no object', '[]'],
      ['that names nobody', '{"event":"User.Deleted"}'],
    ] as const
  ).map(
    ([what, body]): Fault => ({
      fault: `a signed delivery ${what}`,
      holds: 'it is answered with no 5xx, and nobody is out',
      async run(stage) {
        const agent = await stage.signedIn()
        expect((await deliver(stage, body)).status).toBeLessThan(500)
        await expectSignedIn(stage, agent)
      },
    }),
  ),
  {
    fault: 'a suspension while a page is being made with a refresh under way',
    holds: 'the page is a stranger’s, and no row is left',
    alone: true,
    async run(stage) {
      const agent = await staleAgent(stage)
      stage.sandbox.control.slowTokens(1500)
      const page = visit(agent, `${stage.url}/profile`)
      await expect.poll(() => stage.redis.keys()).toContainEqual(expect.stringContaining(':lease:'))
      await stage.sandbox.control.suspend(email)
      expect((await page).status).toBe(303)
      expect(await stage.sessions()).toEqual([])
    },
  },
]
