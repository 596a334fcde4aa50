import { createHmac } from 'node:crypto'
import supertest from 'supertest'
import { describe, expect, it, vi } from 'vitest'
import { signIn, type TestApp, testApp } from '../../support/app.ts'
import { audits, signedIn } from '../logto/logto-calls.ts'

const key = 'the-webhook-key-of-this-test'
const app = (options: Parameters<typeof testApp>[0] = {}) =>
  testApp({ ...options, settings: { LOGTO_WEBHOOK_SIGNING_KEY: key } })
const sign = (body: string, by = key) => createHmac('sha256', by).update(body).digest('hex')

/** What matters of a delivery that Logto makes when an administrator changes a person, except for what is given. */
const suspension = (changes: Record<string, unknown> = {}) => ({
  event: 'User.SuspensionStatus.Updated',
  createdAt: new Date().toISOString(),
  params: { userId: 'user-1' },
  data: { id: 'user-1', username: null, name: 'Erin Employee', isSuspended: true },
  hookId: 'hook-1',
  ...changes,
})
const deletion = (changes: Record<string, unknown> = {}) =>
  suspension({ event: 'User.Deleted', data: null, ...changes })

/** Sends a body as Logto does, signed unless told otherwise. */
function deliver({ app }: Pick<TestApp, 'app'>, body: unknown, headers: Record<string, string> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return supertest(app)
    .post('/webhooks/logto')
    .set({ 'content-type': 'application/json', 'logto-signature-sha-256': sign(text), ...headers })
    .send(text)
}

describe('POST /webhooks/logto, people who leave', () => {
  it.each([
    ['suspended', 'user_suspended', suspension()],
    ['suspended, in the data alone', 'user_suspended', suspension({ params: {} })],
    ['suspended, without data of their own', 'user_suspended', suspension({ data: { isSuspended: true } })],
    ['deleted', 'user_deleted', deletion()],
    ['deleted, with data', 'user_deleted', deletion({ data: { id: 'user-1' } })],
    ['deleted by themselves', 'user_deleted', deletion({ params: undefined, data: { id: 'user-1' } })],
  ])('person, %s, is out everywhere at once, and nobody else is', async (_what, by, body) => {
    const test = app()
    const other = app({ backend: test.backend, logto: test.logto }) // another process
    const mine = [await signedIn(test), await signedIn(test, { sid: 'session-2' }), await signedIn(other)]
    const colleague = await signedIn(test, { sub: 'user-2' })
    const response = await deliver(test, body)
    expect(response.status).toBe(204)
    expect(response.headers['cache-control']).toContain('no-store')
    expect(response.headers['set-cookie']).toBeUndefined()
    for (const browser of mine) await expect(browser).not.toBeSignedIn()
    await expect(colleague).toBeSignedIn()
    expect(audits(test, 'ended')).toEqual(
      Array(3).fill(
        expect.objectContaining({ by, sub: 'user-1', session: expect.stringMatching(/^[0-9a-f]{12}$/) }),
      ),
    )
    expect(JSON.stringify(test.logs)).not.toContain('Erin')
  })

  it.each([
    ['the end of a suspension', suspension({ data: { id: 'user-1', isSuspended: false } })],
    ['a suspension that says neither', suspension({ data: { id: 'user-1' } })],
    ['a suspension in words', suspension({ data: { id: 'user-1', isSuspended: 'true' } })],
    ['a suspension whose data is null', suspension({ data: null })],
    ['a suspension whose data is a list', suspension({ data: [{ isSuspended: true }] })],
    ['another event about the person', suspension({ event: 'User.Data.Updated' })],
    [
      'an event of a sign-in',
      { event: 'PostSignIn', hookId: 'x', userId: 'user-1', user: { isSuspended: true } },
    ],
    ['an event nobody knows', { event: '__proto__', data: { id: 'user-1', isSuspended: true } }],
    ['a deletion of nobody here', deletion({ params: { userId: 'user-3' } })],
    // What Logto's console sends to try a webhook out.
    ['a deletion that names nobody', deletion({ params: { id: 'fake-id' }, data: { result: 'success' } })],
    ['a deletion of somebody without a name', deletion({ params: { userId: '' }, data: { id: 7 } })],
  ])('delivery, %s, is a 204 and ends nothing', async (_what, body) => {
    const test = app()
    const browser = await signedIn(test)
    expect((await deliver(test, body)).status).toBe(204)
    await expect(browser).toBeSignedIn()
    expect(audits(test, 'ended')).toEqual([])
    expect(audits(test, 'refused')).toEqual([])
  })

  it('delivery, whose event is no text, is a 400', async () => {
    expect(await deliver(app(), { event: { a: 1 } })).toMatchObject({
      status: 400,
      body: { error: { code: 'webhook_body' } },
    })
  })

  it('delivery, one that names nobody though it should, is said in the log', async () => {
    const test = app()
    await deliver(test, deletion({ params: {} }))
    expect(test.logs).toContainEqual(
      expect.objectContaining({ level: 40, event: 'User.Deleted', msg: 'a webhook delivery names nobody' }),
    )
  })
})

describe('POST /webhooks/logto, signature', () => {
  const body = JSON.stringify(suspension())
  it.each([
    ['none', undefined],
    ['an empty one', ''],
    ['one by another key', sign(body, 'another-key')],
    ['one of another body', sign(`${body} `)],
    ['one in capitals', sign(body).toUpperCase()],
    ['one in base64', Buffer.from(sign(body), 'hex').toString('base64')],
    ['one with its first digit changed', sign(body).replace(/^./, (digit) => (digit === '0' ? '1' : '0'))],
    ['one with its last digit changed', sign(body).replace(/.$/, (digit) => (digit === '0' ? '1' : '0'))],
    ['one that is too short', sign(body).slice(0, -1)],
    ['one that is too long', `${sign(body)}0`],
    ['the right one twice', `${sign(body)}, ${sign(body)}`],
    ['one as long in letters, not in bytes', 'é'.repeat(64)],
    ['one with a word before it', `sha256=${sign(body)}`],
  ])('delivery, with %s, is a 401 and ends nothing', async (_what, signature) => {
    const test = app()
    const browser = await signedIn(test)
    const request = supertest(test.app).post('/webhooks/logto').type('json')
    if (signature !== undefined) request.set('logto-signature-sha-256', signature)
    const response = await request.send(body)
    expect(response).toMatchObject({ status: 401, body: { error: { code: 'webhook_signature' } } })
    expect(response.headers['www-authenticate']).toBe('logto-signature-sha-256')
    expect(response.headers['cache-control']).toContain('no-store')
    expect(audits(test, 'refused')).toEqual([expect.objectContaining({ why: 'webhook_signature' })])
    const output = response.text + JSON.stringify(test.logs)
    for (const secret of [key, sign(body), 'Erin', 'hook-1']) expect(output).not.toContain(secret)
    await expect(browser).toBeSignedIn()
  })

  it('delivery, its body written otherwise than JSON.stringify writes it, is checked as it was sent', async () => {
    const test = app()
    const browser = await signedIn(test)
    const spaced = `\n${JSON.stringify(suspension({ note: '\u00e9' }), null, 3)}\n`
    expect((await deliver(test, spaced)).status).toBe(204)
    await expect(browser).not.toBeSignedIn()
  })

  it('delivery, malformed and unsigned, is refused for its signature: nothing is parsed before', async () => {
    const response = await deliver(app(), '{', { 'logto-signature-sha-256': sign('{', 'another-key') })
    expect(response.status).toBe(401)
  })

  it.each([undefined, ''])(
    'delivery, no key configured (%o), is a 401 and names the setting once',
    async (none) => {
      const test = testApp({ settings: { LOGTO_WEBHOOK_SIGNING_KEY: none } })
      const browser = await signedIn(test)
      for (const by of ['', 'undefined', key]) {
        const signature = createHmac('sha256', by).update(body).digest('hex')
        const response = await deliver(test, body, { 'logto-signature-sha-256': signature })
        expect(response.status).toBe(401)
        expect(response.text).not.toContain('LOGTO_WEBHOOK_SIGNING_KEY')
      }
      const lines = test.logs.filter(({ msg }) => String(msg).includes('LOGTO_WEBHOOK_SIGNING_KEY'))
      expect(lines).toEqual([expect.objectContaining({ level: 40 })])
      expect(audits(test, 'refused')).toHaveLength(3)
      await expect(browser).toBeSignedIn()
    },
  )
})

describe('POST /webhooks/logto, again', () => {
  it('delivery, sent again after the person is back, ends nothing, in any process and at any time', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const one = app()
    const two = app({ backend: one.backend, logto: one.logto })
    const body = suspension()
    const browser = await signedIn(one)
    expect((await deliver(one, body)).status).toBe(204)
    await expect(browser).not.toBeSignedIn()
    const start = Date.now()
    for (const hours of [0.1, 23.9, 24.1, 1000]) {
      vi.setSystemTime(start + hours * 3_600_000)
      await signIn(browser, one)
      for (const test of [one, two]) expect((await deliver(test, body)).status).toBe(204)
      await expect(browser).toBeSignedIn()
    }
    // And a new one is heeded still.
    expect((await deliver(two, suspension())).status).toBe(204)
    await expect(browser).not.toBeSignedIn()
  })

  it('delivery, without a time or with one that is none, is heeded', async () => {
    for (const createdAt of [undefined, 'yesterday', 7]) {
      const test = app()
      const browser = await signedIn(test)
      expect((await deliver(test, suspension({ createdAt }))).status).toBe(204)
      await expect(browser).not.toBeSignedIn()
    }
  })
})
