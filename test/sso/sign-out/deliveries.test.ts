import { createHmac, randomUUID } from 'node:crypto'
import supertest from 'supertest'
import { describe, expect, it, vi } from 'vitest'
import { companySecret } from '../../../src/settings/companies/company-secret.ts'
import { FakeLogto } from '../../../src/testing/fake-logto.ts'
import { testApp } from '../../support/app.ts'
import { FakeOkta } from '../../support/fake-okta.ts'
import { cookieName } from '../../support/responses.ts'
import { acme, personAt, signedInAs, withCompanies } from '../company/company-calls.ts'
import { audits } from '../logto/logto-calls.ts'

const webhookKey = 'the-webhook-key-of-this-test-0123456789'
const hookKey = 'the-key-of-the-hooks-0123456789-abcdef'
const erin = personAt(acme, 'erin')
const form = 'application/x-www-form-urlencoded'

function app() {
  const logto = new FakeLogto()
  const okta = new FakeOkta(acme.issuer).joins(logto)
  const keys = { LOGTO_WEBHOOK_SIGNING_KEY: webhookKey, COMPANY_HOOK_KEY: hookKey, RATE_LIMIT: '3' }
  return { ...testApp({ logto, settings: { ...withCompanies(), ...keys } }), okta }
}
type App = ReturnType<typeof app>

/** Whoever says that Erin has to go: where, in what, by how much at the most, and how it is proved. */
interface Caller {
  path: string
  type: string
  limit: number
  taken: 200 | 204
  words: (test: App) => Promise<string> | string
  proof: (test: App, words: string) => Promise<Record<string, string>> | Record<string, string>
}

const json = { type: 'application/json', taken: 204 } as const
const event = () => ({
  uuid: randomUUID(),
  published: new Date().toISOString(),
  eventType: 'user.lifecycle.deactivate',
  outcome: { result: 'SUCCESS' },
  target: [{ id: 'erin', type: 'User' }],
})
const callers: Record<string, Caller> = {
  'back-channel logout': {
    path: '/backchannel-logout',
    type: form,
    limit: 16 * 1024,
    taken: 200,
    words: async ({ logto }) =>
      `logout_token=${await logto.logoutToken({ claims: { sub: erin.sub } })}&more=`,
    proof: () => ({}),
  },
  'webhook of Logto': {
    path: '/webhooks/logto',
    ...json,
    limit: 256 * 1024,
    words: () =>
      JSON.stringify({ event: 'User.Deleted', createdAt: new Date(), params: { userId: erin.sub } }),
    proof: (_, words) => ({
      'logto-signature-sha-256': createHmac('sha256', webhookKey).update(words).digest('hex'),
    }),
  },
  'event hook of Okta': {
    path: `/webhooks/okta/${acme.id}`,
    ...json,
    limit: 8192 * 1024,
    words: () => JSON.stringify({ eventTime: new Date(), data: { events: [event()] } }),
    proof: () => ({ authorization: companySecret(hookKey, acme.issuer) }),
  },
  'Universal Logout': {
    path: '/global-token-revocation',
    ...json,
    limit: 16 * 1024,
    words: () => JSON.stringify({ sub_id: { format: 'iss_sub', iss: acme.issuer, sub: 'erin' } }),
    proof: async ({ okta }) => ({ authorization: `Bearer ${await okta.revocationToken()}` }),
  },
}

/** Sends what ends Erin's sessions, but for what is given. */
async function send(
  test: App,
  { path, type, words, proof }: Caller,
  given: { words?: string; headers?: Record<string, string> } = {},
) {
  const text = given.words ?? (await words(test))
  const headers = { 'content-type': type, ...(await proof(test, text)), ...given.headers }
  return supertest(test.app).post(path).set(headers).send(text)
}

describe.each(Object.entries(callers))('%s', (_name, caller) => {
  it('word, that is good, ends the sessions, and asks for no cookie and no origin', async () => {
    const test = app()
    const browser = await signedInAs(test, erin)
    const read = vi.spyOn(test.backend, 'read')
    const cookie = `${cookieName('session')}=s%3Ax.y`
    const { status, text, headers } = await send(test, caller, {
      headers: { cookie, origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' },
    })
    expect([status, text, headers['cache-control']]).toEqual([caller.taken, '', 'private, no-store'])
    expect(headers).not.toHaveProperty('set-cookie')
    expect(read).not.toHaveBeenCalled()
    await expect(browser).not.toBeSignedIn()
  })

  it.each<Record<string, string>>([
    { 'content-type': 'text/plain' },
    { 'content-type': 'multipart/form-data; boundary=x' },
    { 'content-type': 'application/jsonp' },
    { 'content-type': caller.type === form ? 'application/json' : form },
    { 'content-encoding': 'gzip' },
  ])('body, sent with %o, is a 415 that ends nothing', async (headers) => {
    const test = app()
    const browser = await signedInAs(test, erin)
    expect(await send(test, caller, { headers })).toHaveProperty('status', 415)
    await expect(browser).toBeSignedIn()
  })

  it('body, longer than its limit, is a 413, and one just below is read', async () => {
    const test = app()
    const browser = await signedInAs(test, erin)
    const words = (await caller.words(test)).padEnd(caller.limit)
    expect(await send(test, caller, { words: `${words} ` })).toHaveProperty('status', 413)
    await expect(browser).toBeSignedIn()
    expect(await send(test, caller, { words })).toHaveProperty('status', caller.taken)
    await expect(browser).not.toBeSignedIn()
  })

  it.each(['{"event":', '', 'null', '[]', '7', '"a text"', '{}'])(
    'body, of %j, is a 400 that is written down',
    async (words) => {
      const test = app()
      expect(await send(test, caller, { words })).toHaveProperty('status', 400)
      expect(audits(test, 'refused')).toHaveLength(1)
    },
  )

  it('words, refused many times, are held up, and what proves itself never is', async () => {
    const test = app()
    const unproven = { authorization: 'x', 'logto-signature-sha-256': 'x' }
    const junk = () => send(test, caller, { words: '', headers: unproven })
    for (let count = 0; count < 3; count++) expect([400, 401]).toContain((await junk()).status)
    for (const _ of [1, 2]) {
      expect(await junk()).toMatchObject({ status: 429, body: { error: expect.anything() } })
      for (let count = 0; count < 5; count++) expect((await send(test, caller)).status).toBe(caller.taken)
    }
  })
})

describe('the store away', () => {
  it.each(
    (['back-channel logout', 'webhook of Logto'] as const).flatMap((name) =>
      (['isUsed', 'removeByName', 'markUsed'] as const).map((method) => [name, method] as const),
    ),
  )('%s, its store away at %s, is a 503, and the same is taken when it is back', async (name, method) => {
    const test = app()
    const browser = await signedInAs(test, erin)
    const caller = callers[name] as Caller
    const words = await caller.words(test)
    const away = vi.spyOn(test.backend, method).mockRejectedValueOnce(new Error('store is away'))
    const { status, headers } = await send(test, caller, { words })
    expect([status, headers['retry-after']]).toEqual([503, '5'])
    expect(away).toHaveBeenCalled()
    expect((await send(test, caller, { words })).status).toBe(caller.taken)
    await expect(browser).not.toBeSignedIn()
    expect(audits(test, 'ended')).toHaveLength(1)
  })
})
