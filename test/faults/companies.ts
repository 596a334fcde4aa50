import { randomUUID } from 'node:crypto'
import { sign } from 'cookie-signature'
import { UnsecuredJWT } from 'jose'
import { expect } from 'vitest'
import { companySecret } from '../../src/settings/companies/company-secret.ts'
import { identityName } from '../../src/sso/company/company-names.ts'
import { connectRedis } from '../../src/sso/redis/redis-connection.ts'
import { redisBackend } from '../../src/sso/session/backend/redis-backend.ts'
import { sessionCookie } from '../../src/sso/session/session-cookie.ts'
import { toText } from '../../src/sso/session/session-data.ts'
import { sessionFromTokens } from '../../src/sso/tokens/session-from-tokens.ts'
import { email, expectSignedIn, expectSignedOut, type Fault, isSignedIn } from './fault.ts'
import { type Stage, sessionSecret } from './stage.ts'

const theirs = 'colleague@acme.example'

/** The company that the sandbox has. */
export function companyOf({ sandbox }: Stage) {
  const [company] = sandbox.connectors
  if (!company) throw new Error('the sandbox has no company')
  return company
}

/** Somebody at the sandbox's Okta. */
export function employee({ sandbox }: Stage, address = email) {
  const person = sandbox.org.users.find(({ profile }) => profile.email === address)
  if (!person) throw new Error(`nobody at Okta is ${address}`)
  return person
}

/** A browser of somebody else of that company. */
async function colleague(stage: Stage) {
  const { users, groups } = stage.sandbox.org
  const model = employee(stage)
  if (!users.some(({ profile }) => profile.email === theirs)) {
    const id = `${model.id}c`
    users.push({ ...model, id, profile: { ...model.profile, login: theirs, email: theirs } })
    for (const { memberIds } of groups) if (memberIds.has(model.id)) memberIds.add(id)
  }
  const agent = await stage.signedIn(theirs)
  await expectSignedIn(stage, agent)
  return agent
}

export const event = (id: string, changes: Record<string, unknown> = {}) => ({
  uuid: randomUUID(),
  published: new Date().toISOString(),
  eventType: 'user.lifecycle.deactivate',
  outcome: { result: 'SUCCESS' },
  target: [{ id, type: 'User' }],
  ...changes,
})

/** A delivery of an event hook, as Okta makes it. */
export function deliver(
  stage: Stage,
  events: unknown[],
  { issuer, id } = companyOf(stage),
): Promise<Response> {
  const [key = ''] = stage.sandbox.companyHookKeys
  return fetch(`${stage.url}/webhooks/okta/${id}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: companySecret(key, issuer) },
    body: JSON.stringify({ eventTime: new Date().toISOString(), data: { events } }),
  })
}

/** Has the sandbox's Okta ask for Universal Logout of somebody, and tells what the app answered. */
export async function universalLogout(stage: Stage): Promise<number | undefined> {
  const { org, leaving } = stage.sandbox
  for (const { id } of org.apps) {
    org.universalLogout.set(id, {
      endpoint: `${stage.url}/global-token-revocation`,
      subjectFormat: 'iss_sub',
    })
  }
  const [call] = await leaving.clearSessions(employee(stage), { eventHook: false, universalLogout: true })
  return call?.status
}

/** Cookies of people of a company who are signed in, by rows that are put into Redis straight. */
async function signedInMany(stage: Stage, issuer: string, ids: string[]): Promise<string[]> {
  const silent = { info() {}, warn() {}, error() {}, child: () => silent }
  const redis = await connectRedis({ urls: [stage.redis.url], baseUrl: stage.url }, silent)
  const rows = redisBackend(redis, { idle: 3_600_000 })
  const cookies: string[] = []
  for (const person of ids) {
    const [id, startedAt] = [randomUUID(), Date.now() - 1000]
    const idToken = new UnsecuredJWT({ sub: `user-${person}`, name: person }).encode()
    const companyNames = [identityName(issuer, person)]
    const session = sessionFromTokens({ idToken }, { startedAt, absolute: 3_600_000, companyNames })
    const names = [`sub:${session.claims.sub}` as const, ...companyNames]
    await rows.create({ id, text: toText(session), names, endsAt: session.endsAt, since: startedAt })
    const { name } = sessionCookie({ baseUrl: stage.url })
    cookies.push(`${name}=${encodeURIComponent(`s:${sign(id, sessionSecret)}`)}`)
  }
  await redis.close()
  return cookies
}

async function home(stage: Stage, cookie: string): Promise<string> {
  return (await fetch(`${stage.url}/profile`, { headers: { cookie }, redirect: 'manual' })).status === 200
    ? 'in'
    : 'out'
}

/** Does something for each, a few at a time. */
async function inTurn<T>(all: readonly T[], work: (each: T) => Promise<unknown>): Promise<void> {
  const left = [...all]
  const worker = async () => {
    for (let each = left.shift(); each !== undefined; each = left.shift()) await work(each)
  }
  await Promise.all(Array.from({ length: 10 }, worker))
}

/** What a company says of its people, and what others say in its name. */
export const companyFaults: Fault[] = [
  {
    fault: 'somebody deactivated at Okta, whom Logto still remembers',
    holds: 'their browser does not come in again without Okta',
    alone: true,
    async run(stage) {
      const agent = await stage.signedIn()
      await stage.sandbox.leaving.deactivate(employee(stage), { eventHook: false, universalLogout: false })
      expect((await deliver(stage, [event(employee(stage).id)])).status).toBe(204)
      await agent.open(`${stage.url}/sign-in`)
      await expectSignedOut(stage, agent)
      expect(agent.page?.url).toContain(stage.sandbox.logto.endpoint)
      expect(await stage.sessions()).toEqual([])
    },
  },
  {
    fault: 'an event while Redis is gone, and Okta sends it once more and gives up',
    holds: 'it is answered with 503, and carried out when Redis is back',
    alone: true,
    async run(stage) {
      const [agent, other] = [await stage.signedIn(), await colleague(stage)]
      const said = [event(employee(stage).id)]
      await stage.redis.kill()
      for (const _try of [1, 2]) expect((await deliver(stage, said)).status).toBe(503)
      await stage.redis.start()
      await expect.poll(() => isSignedIn(stage, agent), { timeout: 10_000 }).toBe(false)
      await expect.poll(() => stage.sessions(), { timeout: 10_000 }).toHaveLength(1)
      await expectSignedIn(stage, other)
    },
  },
  {
    fault: '1,000 people of one company deactivated, event by event, while everybody reads pages',
    holds:
      'each is out with the next page, all are within 5 seconds of the last event, and nobody of another company',
    alone: true,
    async run(stage) {
      const { issuer } = companyOf(stage)
      const ids = Array.from({ length: 1000 }, (_, at) => `00u${at}`)
      const leaving = await signedInMany(stage, issuer, ids)
      const staying = await signedInMany(stage, 'https://another.okta.test', ids.slice(0, 100))
      const load = { isOn: true, pages: 0 }
      const readers = Array.from({ length: 4 }, async (_, reader) => {
        for (let at = reader; load.isOn; at += 4) {
          await home(stage, leaving[at % leaving.length] ?? '')
          load.pages++
        }
      })
      const people = ids.map((id, at) => ({ id, cookie: leaving[at] ?? '' }))
      await inTurn(people, async ({ id, cookie }) => {
        expect((await deliver(stage, [event(id)])).status).toBe(204)
        // The next page they see, at either process, is no page of theirs.
        expect(await home(stage, cookie)).toBe('out')
      })
      const last = performance.now()
      await expect.poll(() => stage.sessions(), { timeout: 5000 }).toHaveLength(staying.length)
      const took = performance.now() - last
      load.isOn = false
      await Promise.all(readers)
      expect(load.pages).toBeGreaterThan(0)
      expect(await stage.sessions()).toHaveLength(staying.length)
      await inTurn(staying, async (cookie) => expect(await home(stage, cookie)).toBe('in'))
      expect(took).toBeLessThan(5000)
    },
  },
]
