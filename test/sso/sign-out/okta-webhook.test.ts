import { randomUUID } from 'node:crypto'
import supertest from 'supertest'
import { describe, expect, it } from 'vitest'
import { companySecret } from '../../../src/settings/companies/company-secret.ts'
import { RedisAwayError } from '../../../src/sso/redis/redis-away.ts'
import { memoryBackend } from '../../../src/sso/session/backend/memory-backend.ts'
import type { SessionBackend } from '../../../src/sso/session/backend/session-backend.ts'
import { callbackPath, stateOf, type TestApp, testApp } from '../../support/app.ts'
import { acme, beta, comeBack, personAt, signedInAs, withCompanies } from '../company/company-calls.ts'
import { audits } from '../logto/logto-calls.ts'

const key = 'the-key-of-the-hooks-0123456789-abcdef'
const older = 'the-key-before-it-0123456789-abcdefghi'
const erin = personAt(acme, 'erin')
const sam = personAt(acme, 'sam')
/** At Beta, by the same ID. */
const bob = personAt(beta, 'erin', 'bob@beta.example')
bob.sub = 'user-bob'

const app = (
  settings: Record<string, string> = {},
  rows: SessionBackend = memoryBackend({ idle: 3_600_000 }),
  companies?: object[],
) => testApp({ backend: rows, settings: { ...withCompanies(companies), COMPANY_HOOK_KEY: key, ...settings } })

/** What matters of an event in Okta's log, except for what is given. */
const event = (changes: Record<string, unknown> = {}) => ({
  uuid: randomUUID(),
  published: new Date().toISOString(),
  eventType: 'user.lifecycle.deactivate',
  actor: { id: '00uadmin', type: 'User' },
  outcome: { result: 'SUCCESS', reason: null },
  target: [{ id: 'erin', type: 'User' }],
  ...changes,
})

const delivery = (...events: unknown[]) => ({ eventTime: new Date().toISOString(), data: { events } })

function send(
  { app }: Pick<TestApp, 'app'>,
  body: unknown,
  { secret = companySecret(key, acme.issuer), id = acme.id }: { secret?: string | null; id?: string } = {},
) {
  const request = supertest(app).post(`/webhooks/okta/${id}`).set('content-type', 'application/json')
  if (secret !== null) request.set('authorization', secret)
  return request.send(typeof body === 'string' ? body : JSON.stringify(body))
}

describe('GET /webhooks/okta/<company>', () => {
  it('challenge, of a company, is given back', async () => {
    const response = await supertest(app().app)
      .get(`/webhooks/okta/${acme.id}`)
      .set('x-okta-verification-challenge', 'a-Challenge_123.~')
    expect([response.status, response.body]).toEqual([200, { verification: 'a-Challenge_123.~' }])
    expect(response.headers['content-type']).toMatch(/^application\/json/)
  })

  it.each([
    ['none', acme.id, {}, 400],
    ['an empty one', acme.id, { 'x-okta-verification-challenge': '' }, 400],
    ['a long one', acme.id, { 'x-okta-verification-challenge': 'a'.repeat(1025) }, 400],
    ['one with blanks', acme.id, { 'x-okta-verification-challenge': 'a b' }, 400],
    ['one of nobody’s', 'connector-x', { 'x-okta-verification-challenge': 'a' }, 404],
    ['one of an ID in capitals', acme.id.toUpperCase(), { 'x-okta-verification-challenge': 'a' }, 404],
  ])('challenge, %s, is refused', async (_what, id, headers, status) => {
    expect((await supertest(app().app).get(`/webhooks/okta/${id}`).set(headers)).status).toBe(status)
  })
})

describe('POST /webhooks/okta/<company>, people who leave', () => {
  /** What an event says where Erin is taken an app away. */
  const appTaken = (id: string, type = 'AppInstance') => ({
    eventType: 'application.user_membership.remove',
    target: [
      { id: 'erin', type: 'User' },
      { id, type },
    ],
  })

  it.each([
    ['deactivated', 'okta_deactivated', {}],
    ['suspended', 'okta_suspended', { eventType: 'user.lifecycle.suspend' }],
    ['deleted', 'okta_deleted', { eventType: 'user.lifecycle.delete.initiated' }],
    ['cleared', 'okta_session_cleared', { eventType: 'user.session.clear' }],
    ['without our app', 'okta_app_removed', appTaken(acme.clientId)],
    ['deactivated, at a time that cannot be read', 'okta_deactivated', { published: 'soon' }],
    ['deactivated, by an event without a name', 'okta_deactivated', { uuid: null }],
    ['deactivated, on a clock that is ahead', 'okta_deactivated', { published: '2099-01-01T00:00:00Z' }],
  ])('person, %s, is out in every browser, and nobody else is', async (_what, by, changes) => {
    const test = app()
    const mine = [await signedInAs(test, erin), await signedInAs(test, erin)]
    const others = [await signedInAs(test, sam), await signedInAs(test, bob)]
    const response = await send(test, delivery(event(changes)))
    expect([response.status, response.text]).toEqual([204, ''])
    for (const browser of mine) await expect(browser).not.toBeSignedIn()
    for (const browser of others) await expect(browser).toBeSignedIn()
    await expect.poll(() => audits(test, 'ended')).toMatchObject(Array(2).fill({ by, sub: erin.sub }))
    await expect.poll(() => test.logto.revoked).toHaveLength(2)
  })

  // Made in the test, since an event of before the sign-in would end nothing anyway.
  it.each<[string, () => unknown]>([
    ['that failed', () => event({ outcome: { result: 'FAILURE' } })],
    ['without an outcome', () => event({ outcome: undefined })],
    ['whose outcome is null', () => event({ outcome: null })],
    ['whose outcome is a text', () => event({ outcome: 'SUCCESS' })],
    ['of another type', () => event({ eventType: 'user.account.update_password' })],
    ['of a type that is a number', () => event({ eventType: 7 })],
    ['of a type that objects have', () => event({ eventType: 'constructor' })],
    ['about nobody', () => event({ target: [] })],
    ['about null', () => event({ target: null })],
    ['about an object', () => event({ target: { id: 'erin', type: 'User' } })],
    ['about a text', () => event({ target: 'erin' })],
    ['about a number', () => event({ target: [{ id: 7, type: 'User' }] })],
    ['about a person who is null', () => event({ target: [null] })],
    ['about a group', () => event({ target: [{ id: 'erin', type: 'UserGroup' }] })],
    ['about a person of another ID', () => event({ target: [{ id: 'ERIN', type: 'User' }] })],
    ['about an ID of 300 characters', () => event({ target: [{ id: 'e'.repeat(300), type: 'User' }] })],
    ['about another app', () => event(appTaken('0oaother'))],
    ['about our app as a person', () => event(appTaken(acme.clientId, 'AppUser'))],
    ['that is null', () => null],
    ['that is a text', () => 'user.lifecycle.deactivate'],
    ['that is a list', () => [event()]],
  ])('event, %s, ends nothing, and keeps no other from being heeded', async (_what, odd) => {
    const test = app()
    const browser = await signedInAs(test, erin)
    expect((await send(test, delivery(odd()))).status).toBe(204)
    await expect(browser).toBeSignedIn()
    expect((await send(test, delivery(odd(), event()))).status).toBe(204)
    await expect(browser).not.toBeSignedIn()
  })

  it('event, about an app, of a company without a client ID in the settings, counts as of ours', async () => {
    const { clientId: _, ...company } = acme
    const test = app({}, undefined, [company, beta])
    const browser = await signedInAs(test, erin)
    await send(test, delivery(event(appTaken('0oaother'))))
    await expect(browser).not.toBeSignedIn()
  })

  it('person, signed in through what Logto remembers, has to prove anew who they are, once', async () => {
    const test = app()
    const browser = await signedInAs(test, erin)
    await send(test, delivery(event()))
    const refused = await comeBack(browser, test.logto, erin)
    const again = new URL(refused.headers.location ?? '')
    expect([again.pathname, again.searchParams.get('prompt')]).toEqual(['/sign-in', 'login consent'])
    await expect(browser).not.toBeSignedIn()
    // The tokens that nobody got are revoked, as those of the session are.
    expect(audits(test, 'refused')).toMatchObject([{ why: 'ended_meanwhile', sub: erin.sub }])
    await expect.poll(() => test.logto.revoked).toHaveLength(2)
    // Logto says when they did: that was long ago, and then a moment ago.
    const seconds = Math.floor(Date.now() / 1000)
    expect((await comeBack(browser, test.logto, { ...erin, auth_time: seconds - 60 })).status).toBe(303)
    await expect(browser).not.toBeSignedIn()
    await comeBack(browser, test.logto, erin, again.pathname + again.search)
    await expect(browser).toBeSignedIn()
    await expect(await signedInAs(test, sam)).toBeSignedIn()
  })

  it('person, who is spoken of while they prove anew who they are, is refused, and not sent round', async () => {
    const test = app()
    const browser = test.browser()
    const state = await stateOf(browser, '/sign-in?prompt=login%20consent')
    await send(test, delivery(event()))
    const back = callbackPath({ code: test.logto.code({ claims: erin }), state })
    expect(await browser.get(back).set('accept', 'text/html')).toBeErrorPage(403)
    await expect(browser).not.toBeSignedIn()
  })
})

describe('POST /webhooks/okta/<company>, in time and out of it', () => {
  /** Somebody who was out, and has signed in anew. */
  async function back(test: TestApp, changes: Record<string, unknown> = {}) {
    const browser = await signedInAs(test, erin)
    const first = event(changes)
    await send(test, delivery(first))
    await comeBack(browser, test.logto, erin, '/sign-in?prompt=login%20consent')
    await expect(browser).toBeSignedIn()
    return { browser, first }
  }
  const at = (milliseconds: number) => new Date(Date.now() + milliseconds).toISOString()

  it('event, of before the sign-in, ends nothing that began after it', async () => {
    const test = app()
    const browser = await signedInAs(test, erin)
    for (const ago of [-60_000, -3_600_000, -90 * 24 * 3_600_000]) {
      expect((await send(test, delivery(event({ published: at(ago) })))).status).toBe(204)
      // Sent late, or sent again: how old the delivery is says little of the clocks.
      const late = { ...delivery(event({ published: at(ago) })), eventTime: at(ago) }
      expect((await send(test, late)).status).toBe(204)
    }
    await expect(browser).toBeSignedIn()
    await send(test, delivery(event()))
    await expect(browser).not.toBeSignedIn()
  })

  it('event, in the very last step of a sign-in, has the person prove anew who they are', async () => {
    const rows = memoryBackend({ idle: 3_600_000 })
    const said: Array<() => Promise<unknown>> = []
    const create: SessionBackend['create'] = async (row) => {
      await said.pop()?.()
      return rows.create(row)
    }
    const test = app({}, { ...rows, create })
    said.push(async () => send(test, delivery(event())))
    const refused = await comeBack(test.browser(), test.logto, erin)
    expect(new URL(refused.headers.location ?? '').searchParams.get('prompt')).toBe('login consent')
  })

  it('event, on a clock that is years ahead, keeps nobody out who signs in after it', async () => {
    await back(app(), { published: '2099-01-01T00:00:00Z' })
  })

  it('event, sent twice, ends something once', async () => {
    const test = app()
    const { browser, first } = await back(test)
    // As if its time was this one: only the name tells.
    expect((await send(test, delivery({ ...first, published: at(0) }))).status).toBe(204)
    await expect(browser).toBeSignedIn()
  })

  it('events, out of order, count as of their time', async () => {
    const test = app()
    const { browser } = await back(test)
    const old = event({ published: at(-3_600_000) })
    expect((await send(test, delivery(old, event({ published: at(-7_200_000) })))).status).toBe(204)
    await expect(browser).toBeSignedIn()
    // The later one first, and last.
    for (const isFirst of [true, false]) {
      const another = app()
      const { browser: again } = await back(another)
      const events = [event(), event({ published: at(-3_600_000) })]
      await send(another, delivery(...(isFirst ? events : events.reverse())))
      await expect(again).not.toBeSignedIn()
    }
  })

  it.each([
    ['a little behind ours', -3000, -3000],
    ['ahead of ours, by what the delivery says', 0, 60_000],
  ])('event, on a clock %s, ends what began a moment before it', async (_what, published, eventTime) => {
    const test = app()
    const browser = await signedInAs(test, erin)
    await send(test, { ...delivery(event({ published: at(published) })), eventTime: at(eventTime) })
    await expect(browser).not.toBeSignedIn()
  })

  it('events, a thousand in one delivery, end all of them and nobody else', async () => {
    const test = app()
    const people = ['p7', 'p500', 'p999'].map((id) => personAt(acme, id))
    const mine = await Promise.all(people.map((person) => signedInAs(test, person)))
    const other = await signedInAs(test, sam)
    const events = Array.from({ length: 1000 }, (_, count) =>
      event({
        target: [{ id: `p${count}`, type: 'User', detailEntry: { junk: 'a'.repeat(2000) } }],
      }),
    )
    expect((await send(test, delivery(...events))).status).toBe(204)
    for (const browser of mine) await expect(browser).not.toBeSignedIn()
    await expect(other).toBeSignedIn()
  })
})

describe('POST /webhooks/okta/<company>, forged and odd', () => {
  const own = companySecret(key, acme.issuer)
  it.each<[string, string | null]>([
    ['no secret', null],
    ['an empty secret', ''],
    ['another company’s secret', companySecret(key, beta.issuer)],
    ['a secret of another key', companySecret(older, acme.issuer)],
    ['half of the secret', own.slice(0, 20)],
    ['the secret and more', `${own}x`],
    ['the secret in capitals', own.toUpperCase()],
    ['the secret as a bearer token', `Bearer ${own}`],
    ['the key itself', key],
    ['the issuer', acme.issuer],
  ])('delivery, with %s, is refused', async (_what, secret) => {
    const test = app()
    const browser = await signedInAs(test, erin)
    const response = await send(test, delivery(event()), { secret }).set('accept', 'text/html')
    expect([response.status, response.headers['www-authenticate']]).toEqual([401, 'Okta-Event-Hook'])
    expect(response.type).toBe('application/json')
    expect(audits(test, 'refused')).toMatchObject([{ why: 'hook_secret' }])
    expect(JSON.stringify(test.logs)).not.toContain(own)
    await expect(browser).toBeSignedIn()
  })

  it('delivery, of one company at its own address, ends nobody of another by the same ID', async () => {
    const test = app()
    const [at, other] = [await signedInAs(test, bob), await signedInAs(test, erin)]
    const given = { secret: companySecret(key, beta.issuer), id: beta.id }
    expect((await send(test, delivery(event()), given)).status).toBe(204)
    await expect(at).not.toBeSignedIn()
    await expect(other).toBeSignedIn()
  })

  it('event, by the name of an event of another company, is heeded all the same', async () => {
    const test = app()
    const browser = await signedInAs(test, erin)
    const uuid = randomUUID()
    const ofBeta = { secret: companySecret(key, beta.issuer), id: beta.id }
    expect((await send(test, delivery(event({ uuid })), ofBeta)).status).toBe(204)
    await expect(browser).toBeSignedIn()
    expect((await send(test, delivery(event({ uuid })))).status).toBe(204)
    await expect(browser).not.toBeSignedIn()
  })

  it('delivery, with the secret of any key in the list, is heeded; without a key, none is', async () => {
    const test = app({ COMPANY_HOOK_KEY: `${key},${older}` })
    for (const each of [key, older]) {
      expect((await send(test, delivery(), { secret: companySecret(each, acme.issuer) })).status).toBe(204)
    }
    const none = app({ COMPANY_HOOK_KEY: '' })
    for (const secret of [companySecret('', acme.issuer), '', 'undefined', own]) {
      expect((await send(none, delivery(event()), { secret })).status).toBe(401)
    }
    expect(none.logs.filter(({ msg }) => String(msg).includes('COMPANY_HOOK_KEY'))).toHaveLength(1)
  })

  it.each<[string, unknown]>([
    ['without data', { eventType: 'com.okta.event_hook' }],
    ['whose data are null', { data: null }],
    ['without events', { data: {} }],
    ['whose events are null', { data: { events: null } }],
    ['whose events are an object', { data: { events: { 0: event() } } }],
    ['of more events than Okta sends', { data: { events: [event(), ...Array(10_000).fill({})] } }],
  ])('body, %s, is a 400 and ends nobody', async (_what, body) => {
    const test = app()
    const browser = await signedInAs(test, erin)
    expect((await send(test, body)).status).toBe(400)
    await expect(browser).toBeSignedIn()
  })

  it('delivery, to a company that nobody knows, is a 404', async () => {
    expect((await send(app(), delivery(event()), { id: 'connector-x' })).status).toBe(404)
  })

  it('body, of a stranger, is not read', async () => {
    const response = await send(app(), 'a'.repeat(9_000_000), { secret: 'x' })
    expect(response.status).toBe(401)
  })
})

describe('POST /webhooks/okta/<company>, while the store is away', () => {
  const away = async () => {
    throw new RedisAwayError('not connected')
  }
  /** A store that comes and goes. */
  function unsteady() {
    const rows = memoryBackend({ idle: 3_600_000 })
    const backend = { ...rows }
    const gone = { isUsed: away, removeBegunBy: away, markUsed: away, isReady: () => false }
    return {
      backend,
      leaves: () => Object.assign(backend, gone),
      comesBack: () => Object.assign(backend, rows),
    }
  }

  it('event, is to be sent again, and is carried out when the store is back, sent again or not', async () => {
    const { backend, leaves, comesBack } = unsteady()
    const test = app({}, backend)
    const [browser, other] = [await signedInAs(test, erin), await signedInAs(test, sam)]
    leaves()
    const said = delivery(event())
    for (const _ of [1, 2]) {
      const response = await send(test, said)
      expect([response.status, response.headers['retry-after']]).toEqual([503, '5'])
    }
    await expect(browser).toBeSignedIn()
    comesBack()
    await expect.poll(() => audits(test, 'ended')).toMatchObject([{ by: 'okta_deactivated', sub: erin.sub }])
    await expect(browser).not.toBeSignedIn()
    await expect(other).toBeSignedIn()
    expect((await send(test, said)).status).toBe(204)
    expect(test.logs.filter(({ ended }) => ended === 1)).toHaveLength(1)
  })

  it('event, whose name cannot be kept, is to be sent again', async () => {
    const rows = memoryBackend({ idle: 3_600_000 })
    const markUsed: SessionBackend['markUsed'] = (what, time) =>
      what.startsWith('okta:') ? away() : rows.markUsed(what, time)
    const test = app({}, { ...rows, markUsed })
    expect((await send(test, delivery(event()))).status).toBe(503)
  })
})
