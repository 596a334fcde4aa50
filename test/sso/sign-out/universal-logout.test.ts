import supertest from 'supertest'
import { describe, expect, it } from 'vitest'
import { RedisAwayError } from '../../../src/sso/redis/redis-away.ts'
import { memoryBackend } from '../../../src/sso/session/backend/memory-backend.ts'
import type { SessionBackend } from '../../../src/sso/session/backend/session-backend.ts'
import { FakeLogto } from '../../../src/testing/fake-logto.ts'
import { type TestApp, testApp } from '../../support/app.ts'
import { FakeOkta } from '../../support/fake-okta.ts'
import { acme, beta, identityAt, personAt, signedInAs, withCompanies } from '../company/company-calls.ts'
import { audits } from '../logto/logto-calls.ts'

const erin = personAt(acme, 'erin')
const sam = personAt(acme, 'sam')
const bob = personAt(beta, 'bob')
const idOf = (id: string, company = acme) => ({ format: 'iss_sub', iss: company.issuer, sub: id })
const emailOf = (email: string) => ({ format: 'email', email })

function app({
  companies = [acme, beta] as object[],
  rows = memoryBackend({ idle: 3_600_000 }),
  settings = {},
  logto = new FakeLogto(),
  server = undefined as FakeOkta | undefined,
} = {}) {
  const oktas = [acme, beta].map(({ issuer }) => new FakeOkta(issuer).joins(logto))
  server?.joins(logto)
  const [okta, other] = oktas as [FakeOkta, FakeOkta]
  return {
    ...testApp({ logto, backend: rows, settings: { ...withCompanies(companies), ...settings } }),
    okta,
    other,
  }
}
type App = ReturnType<typeof app>

function ask({ app }: Pick<TestApp, 'app'>, token: string | undefined, body: unknown) {
  const request = supertest(app).post('/global-token-revocation').set('content-type', 'application/json')
  if (token !== undefined) request.set('authorization', `Bearer ${token}`)
  return request.send(typeof body === 'string' ? body : JSON.stringify(body))
}

/** As Okta asks. */
const revoke = async (test: App, subject: unknown, tokens: Parameters<FakeOkta['revocationToken']>[0] = {}) =>
  ask(test, await test.okta.revocationToken(tokens), { sub_id: subject })

describe('POST /global-token-revocation, whom it ends', () => {
  it.each([
    ['by issuer and subject', { sub_id: idOf('erin') }],
    ['as older versions name them', { subject: idOf('erin') }],
    ['in both ways', { sub_id: idOf('erin'), subject: idOf('erin') }],
    ['by email', { sub_id: emailOf('erin@acme.example') }],
    ['by email, in capitals', { sub_id: emailOf('ERIN@Acme.Example') }],
  ])('person, named %s, is out in every browser, and nobody else is', async (_what, body) => {
    const test = app()
    const [here, there] = [await signedInAs(test, erin), await signedInAs(test, erin)]
    const others = [await signedInAs(test, sam), await signedInAs(test, bob)]
    const response = await ask(test, await test.okta.revocationToken(), body)
    expect([response.status, response.text]).toEqual([204, ''])
    for (const browser of [here, there]) await expect(browser).not.toBeSignedIn()
    for (const browser of others) await expect(browser).toBeSignedIn()
    await expect
      .poll(() => audits(test, 'ended'))
      .toMatchObject(Array(2).fill({ by: 'universal_logout', sub: erin.sub }))
    await expect.poll(() => test.logto.revoked).toHaveLength(2)
  })

  it('person, whose account and identity have two addresses of the company, is found by both', async () => {
    for (const email of ['erin@acme.example', 'e.moore@acme.example']) {
      const test = app()
      const browser = await signedInAs(test, {
        ...erin,
        sso_identities: [identityAt(acme, 'erin', 'e.moore@acme.example')],
      })
      expect((await revoke(test, emailOf(email))).status).toBe(204)
      await expect(browser).not.toBeSignedIn()
    }
  })

  it('person, who is nobody, is answered alike', async () => {
    const test = app()
    expect((await revoke(test, idOf('nobody'))).status).toBe(204)
    expect((await revoke(test, emailOf('nobody@acme.example'))).status).toBe(204)
  })

  it('account, of that address and with no identity of the company, stays', async () => {
    const test = app()
    const browser = await signedInAs(test, { ...erin, sso_identities: [] })
    expect((await revoke(test, emailOf('erin@acme.example'))).status).toBe(204)
    await expect(browser).toBeSignedIn()
  })

  it('contractor, of a company that has them, is out by an address of nobody’s domain', async () => {
    const contractors = { ...acme, otherDomains: true }
    const test = app({ companies: [contractors, beta] })
    const browser = await signedInAs(test, personAt(contractors, 'cleo', 'cleo@free.example'))
    expect((await revoke(test, emailOf('cleo@free.example'))).status).toBe(204)
    await expect(browser).not.toBeSignedIn()
    expect((await revoke(test, emailOf('bob@beta.example'))).status).toBe(403)
  })

  it('contractor, of another company that has them too, stays', async () => {
    const [one, another] = [acme, beta].map((company) => ({ ...company, otherDomains: true }))
    const test = app({ companies: [one, another] as object[] })
    const browser = await signedInAs(test, personAt(beta, 'cleo', 'cleo@free.example'))
    expect((await revoke(test, emailOf('cleo@free.example'))).status).toBe(204)
    await expect(browser).toBeSignedIn()
  })
})

describe('POST /global-token-revocation, which companies', () => {
  it('company, of a custom authorization server, is spoken for by it and by its org, with the keys of either', async () => {
    const issuer = `${acme.issuer}/oauth2/default`
    const company = { ...acme, issuer }
    for (const iss of [issuer, acme.issuer]) {
      for (const signer of ['server', 'org'] as const) {
        const logto = new FakeLogto()
        const server = new FakeOkta(issuer)
        const test = app({ companies: [company, beta], logto, server })
        const browser = await signedInAs(test, personAt(company, 'erin'))
        const { key } = signer === 'server' ? server : test.okta
        const token = await test.okta.revocationToken({
          claims: { iss },
          header: { kid: key.kid },
          key: key.privateKey,
        })
        expect((await ask(test, token, { sub_id: idOf('erin', { ...acme, issuer: iss }) })).status).toBe(204)
        await expect(browser).not.toBeSignedIn()
      }
    }
  })

  it('company, without a client ID in the settings, may have any', async () => {
    const { clientId: _, ...company } = acme
    const test = app({ companies: [company] })
    expect((await revoke(test, idOf('erin'), { claims: { sub: 'whatever' } })).status).toBe(204)
    for (const sub of [undefined, '', {}, 7])
      expect((await revoke(test, idOf('erin'), { claims: { sub } })).status).toBe(401)
  })

  it('company, with no domains in the settings, cannot name people by email', async () => {
    const test = app({ companies: [{ ...acme, domains: [] }] })
    expect((await revoke(test, emailOf('erin@acme.example'))).status).toBe(422)
    expect((await revoke(test, idOf('erin'))).status).toBe(204)
  })

  it('keys, rotated, are asked for anew', async () => {
    const test = app()
    expect((await revoke(test, idOf('erin'))).status).toBe(204)
    const asked = test.okta.calls.length
    expect((await revoke(test, idOf('erin'))).status).toBe(204)
    expect(test.okta.calls.length).toBe(asked)
    test.okta.key = new FakeOkta('https://x.test').key
    expect((await revoke(test, idOf('erin'))).status).toBe(204)
  })

  it.each<[string, (okta: FakeOkta) => void]>([
    ['that does not answer', (okta) => (okta.isAway = true)],
    ['whose document is another’s', (okta) => (okta.metadata.issuer = beta.issuer)],
    ['whose keys are on http', (okta) => (okta.metadata.jwks_uri = 'http://acme.okta.test/keys')],
    ['whose keys have no address', (okta) => (okta.metadata.jwks_uri = 'file:///etc/passwd')],
  ])('company, %s, is to ask again', async (_what, prepare) => {
    const test = app()
    prepare(test.okta)
    const browser = await signedInAs(test, erin)
    const response = await revoke(test, idOf('erin'))
    expect([response.status, response.headers['retry-after']]).toEqual([503, '5'])
    await expect(browser).toBeSignedIn()
  })
})

describe('POST /global-token-revocation, forged and odd', () => {
  const now = () => Math.floor(Date.now() / 1000)
  it('token, refused, is told so as a bearer token is (RFC 6750 §3.1)', async () => {
    const test = app()
    const { status, headers } = await revoke(test, idOf('erin'), { header: { kid: 'x' } })
    expect([status, headers['www-authenticate']]).toEqual([401, 'Bearer error="invalid_token"'])
  })

  it('request, without a token, is told what lets in', async () => {
    const test = app()
    const response = await ask(test, undefined, { sub_id: idOf('erin') }).set('accept', 'text/html')
    expect([response.status, response.headers['www-authenticate']]).toEqual([401, 'Bearer'])
    expect(response.type).toBe('application/json')
    const basic = await supertest(test.app).post('/global-token-revocation').auth('a', 'b').send({})
    expect(basic.status).toBe(401)
  })

  it.each([
    ['that is fresh', 0],
    ['whose end has passed, by less than clocks may differ', -30],
  ])('token, %s, sent twice, ends something once, in another process too', async (_what, end) => {
    const rows = memoryBackend({ idle: 3_600_000 })
    const logto = new FakeLogto()
    const [one, two] = [app({ rows, logto }), app({ rows, logto })]
    const token = await two.okta.revocationToken(end ? { claims: { exp: now() + end } } : {})
    expect((await ask(one, token, { sub_id: idOf('erin') })).status).toBe(204)
    const browser = await signedInAs(one, sam)
    expect((await ask(two, token, { sub_id: idOf('sam') })).status).toBe(401)
    expect(audits(two, 'refused')).toMatchObject([{ why: 'revocation_token_refused_jti' }])
    await expect(browser).toBeSignedIn()
  })

  it('token, looked at by two processes at once, is taken by one', async () => {
    // As both see it before either has marked it.
    const test = app({ rows: { ...memoryBackend({ idle: 3_600_000 }), isUsed: async () => false } })
    const token = await test.okta.revocationToken()
    const statuses = [1, 2].map(async () => (await ask(test, token, { sub_id: idOf('erin') })).status)
    expect((await Promise.all(statuses)).toSorted()).toEqual([204, 401])
  })

  it('tokens, of two companies and one name, are two', async () => {
    const test = app()
    const claims = { jti: 'one' }
    expect((await revoke(test, idOf('erin'), { claims })).status).toBe(204)
    const token = await test.other.revocationToken({ claims: { ...claims, sub: beta.clientId } })
    expect((await ask(test, token, { sub_id: idOf('bob', beta) })).status).toBe(204)
  })

  it.each<[string, number, unknown]>([
    ['with a subject that is null', 400, { sub_id: null }],
    ['with a subject that is a text', 400, { sub_id: 'erin' }],
    ['with subjects in a list', 400, { sub_id: [idOf('erin')] }],
    ['with two subjects that differ', 400, { sub_id: idOf('erin'), subject: idOf('sam') }],
    ['in no format', 400, { sub_id: { iss: acme.issuer, sub: 'erin' } }],
    ['in an unknown format', 400, { sub_id: { format: 'opaque', id: 'erin' } }],
    ['with a number for a person', 400, { sub_id: { ...idOf('erin'), sub: 7 } }],
    ['with nobody', 400, { sub_id: idOf('') }],
    ['with no issuer', 400, { sub_id: { format: 'iss_sub', sub: 'erin' } }],
    ['with an email that is none', 400, { sub_id: emailOf('erin') }],
    ['with emails in a list', 400, { sub_id: { format: 'email', email: ['erin@acme.example'] } }],
    ['with an email of 1,000 characters', 400, { sub_id: emailOf(`${'a'.repeat(1000)}@acme.example`) }],
    ['about a person of another company', 403, { sub_id: idOf('bob', beta) }],
    ['about an issuer that nobody knows', 403, { sub_id: { ...idOf('erin'), iss: 'https://x.test' } }],
    ['about an address of another company', 403, { sub_id: emailOf('bob@beta.example') }],
    ['about an address of a subdomain', 403, { sub_id: emailOf('erin@hr.acme.example') }],
    ['about an address of nobody', 403, { sub_id: emailOf('erin@free.example') }],
  ])('body, %s, is answered with %i and ends nobody', async (_what, status, body) => {
    const test = app()
    const browsers = [await signedInAs(test, erin), await signedInAs(test, bob)]
    expect((await ask(test, await test.okta.revocationToken(), body)).status).toBe(status)
    for (const browser of browsers) await expect(browser).toBeSignedIn()
  })
})

describe('POST /global-token-revocation, while the store is away', () => {
  const away = () => Promise.reject(new RedisAwayError('not connected'))

  it('request, is to be sent again, and is carried out when the store is back, sent again or not', async () => {
    const memory = memoryBackend({ idle: 3_600_000 })
    const rows = { ...memory }
    const test = app({ rows })
    const browser = await signedInAs(test, erin)
    Object.assign(rows, { isUsed: away, removeBegunBy: away, markUsed: away, isReady: () => false })
    const response = await revoke(test, idOf('erin'))
    expect([response.status, response.headers['retry-after']]).toEqual([503, '5'])
    Object.assign(rows, memory)
    await expect.poll(() => audits(test, 'ended')).toMatchObject([{ by: 'universal_logout' }])
    await expect(browser).not.toBeSignedIn()
  })

  it('request, whose token cannot be marked, is to be sent again', async () => {
    const memory = memoryBackend({ idle: 3_600_000 })
    const markUsed: SessionBackend['markUsed'] = (what, time) =>
      what.startsWith('universal-logout:') ? away() : memory.markUsed(what, time)
    expect((await revoke(app({ rows: { ...memory, markUsed } }), idOf('erin'))).status).toBe(503)
  })
})
