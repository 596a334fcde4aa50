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

/** Sends a delivery as Logto does. */
function deliver({ url, sandbox }: Stage, payload: object): Promise<Response> {
  const body = JSON.stringify(payload)
  const signature = createHmac('sha256', sandbox.webhookKey).update(body).digest('hex')
  return fetch(`${url}/webhooks/logto`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', 'logto-signature-sha-256': signature },
  })
}

const suspension = (stage: Stage) => ({
  event: 'User.SuspensionStatus.Updated',
  createdAt: new Date().toISOString(),
  params: { userId: personOf(stage) },
  data: { id: personOf(stage), isSuspended: true },
})

/** People who leave. */
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
