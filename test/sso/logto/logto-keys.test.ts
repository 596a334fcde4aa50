import { constants, generateKeyPairSync, publicEncrypt, sign } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { publicJwk } from '../../../src/testing/fake-keys.ts'
import { apiResource, endpoint, type FakeLogto, paths } from '../../../src/testing/fake-logto.ts'
import { down } from '../../../src/testing/logto-answers.ts'
import { signIn, type TestApp, testApp } from '../../support/app.ts'
import { logOut, post, signedIn } from './logto-calls.ts'

const api = () => testApp({ settings: { API_RESOURCE: apiResource } })
const call = async (test: TestApp, tokens: Parameters<FakeLogto['accessToken']>[0] = {}) =>
  test
    .browser()
    .get('/api/notes')
    .set('authorization', `Bearer ${await test.logto.accessToken(tokens)}`)

describe('keys that strangers can ask for', () => {
  const forged = (test: TestApp, count: number) =>
    Promise.all(
      Array.from({ length: count }, async (_, at) =>
        post(test, {
          logout_token: await test.logto.logoutToken({ key: 'stranger', header: { kid: `made-up-${at}` } }),
        }),
      ),
    )

  it('forged tokens, fifty of them with keys nobody knows, cost Logto a few look-ups', async () => {
    const test = testApp()
    await signIn(test.browser(), test)
    const before = test.logto.callsTo(paths.keys)
    const answers = await forged(test, 50)
    for (const { status } of answers) expect(status).toBe(400)
    expect(test.logto.callsTo(paths.keys) - before).toBeLessThanOrEqual(2)
  })

  it('forged tokens, keys rotated meanwhile, keep neither a logout nor a sign-in from being verified', async () => {
    const test = testApp()
    const browser = await signedIn(test)
    await forged(test, 3)
    test.logto.key = 'second'
    const [, response] = await Promise.all([forged(test, 3), logOut(test)])
    expect(response.status).toBe(200)
    await expect(browser).not.toBeSignedIn()
    await forged(test, 1)
    // Sign-ins wait for no rest: neither after a stranger's look-up nor after their own.
    const startedAt = performance.now()
    for (const key of ['third', 'first'] as const) {
      test.logto.key = key
      await pause(2)
      await signIn(browser, test)
      await expect(browser).toBeSignedIn()
    }
    expect(performance.now() - startedAt).toBeLessThan(1500)
  }, 15_000)
})

describe('keys of another kind', () => {
  /** Has Logto sign with this from now on, and announce it. */
  function rotate({ logto }: TestApp, key: 'rsa' | 'edwards', algorithm: string) {
    logto.key = key
    logto.metadata.id_token_signing_alg_values_supported = [algorithm]
  }

  it.each([
    ['rsa', 'RS256'],
    ['edwards', 'EdDSA'],
  ] as const)('keys, rotated to %s, go unnoticed at each of the three verifiers', async (key, algorithm) => {
    const test = api()
    const browser = await signedIn(test)
    expect((await call(test)).status).toBe(200)
    const before = test.logto.callsTo(paths.discovery)
    rotate(test, key, algorithm)
    expect((await logOut(test)).status).toBe(200)
    await expect(browser).not.toBeSignedIn()
    expect(test.logto.callsTo(paths.discovery)).toBe(before + 1)
    const [another, third] = [api(), api()]
    for (const each of [another, third]) await signIn(each.browser(), each)
    for (const each of [another, third]) rotate(each, key, algorithm)
    expect((await call(another)).status).toBe(200)
    await signedIn(third)
  })

  it('keys, rotated to another kind at another address, are found there', async () => {
    const test = testApp()
    await signedIn(test)
    rotate(test, 'rsa', 'RS256')
    test.logto.metadata.jwks_uri = `${endpoint}/oidc/new-jwks`
    const browser = await signedIn(test)
    expect((await logOut(test)).status).toBe(200)
    await expect(browser).not.toBeSignedIn()
  })

  it('key, new at another address while the old one is gone, is found there', async () => {
    const test = testApp()
    await signedIn(test)
    test.logto.key = 'second'
    test.logto.metadata.jwks_uri = `${endpoint}/oidc/new-jwks`
    await signedIn(test)
  })

  it('logout, Logto away when it would be asked of the new kind, is a 503, and taken when it is back', async () => {
    const test = testApp()
    const browser = await signedIn(test)
    rotate(test, 'rsa', 'RS256')
    test.logto.break(paths.discovery, down)
    const token = await test.logto.logoutToken()
    expect((await post(test, { logout_token: token })).status).toBe(503)
    await expect(browser).toBeSignedIn()
    test.logto.restore(paths.discovery)
    expect((await post(test, { logout_token: token })).status).toBe(200)
    await expect(browser).not.toBeSignedIn()
  })

  it('key, new while Logto’s metadata are away, is found all the same', async () => {
    const test = testApp()
    await signedIn(test)
    test.logto.key = 'second'
    test.logto.break(paths.discovery, down)
    expect((await logOut(test)).status).toBe(200)
  })

  it('algorithms, made up by strangers, cost Logto a few look-ups, and those that prove nothing cost none', async () => {
    const test = testApp()
    await signedIn(test)
    const asked = test.logto.calls.length
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const forged = (alg: unknown) => `${part({ alg, kid: 'key-1', typ: 'logout+jwt' })}.${part({})}.AAAA`
    for (const alg of ['none', 'HS256', 'HS512', 'ES256K', 'dir', '', null, 5, ['ES384']]) {
      expect((await post(test, { logout_token: forged(alg) })).status).toBe(400)
    }
    expect(test.logto.calls.length).toBe(asked)
    const unknown = ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519']
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, at) => post(test, { logout_token: forged(unknown[at % 5]) })),
    )
    for (const { status } of answers) expect(status).toBe(400)
    expect(test.logto.callsTo(paths.discovery)).toBeLessThanOrEqual(3)
    expect(test.logto.callsTo(paths.keys)).toBeLessThanOrEqual(3)
  })
})

const good = await publicJwk('first')
const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' })
const own = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey.export({ format: 'jwk' })

describe('keys of no use', () => {
  it.each(
    Object.entries({
      null: null,
      'a text': 'key',
      'a list': [],
      'an object with nothing in it': {},
      'an RSA key without a modulus': { kty: 'RSA', e: 'AQAB', alg: 'RS256' },
      'an RSA key whose modulus is a number': { ...weak, n: 7, alg: 'RS256' },
      'a point that is on no curve': { ...good, y: good.x },
      'a point too short': { ...good, x: 'AAAA' },
      'a curve nobody knows': { ...good, crv: 'P-1' },
      'a kind nobody knows': { ...good, kty: 'XYZ' },
      'a private key': own,
      'a secret': { kty: 'oct', k: 'c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0' },
      'a secret for our algorithm': { kty: 'oct', k: 'c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0', alg: 'ES384' },
    }),
  )('key set, with %s in it, is read without that, whoever names it', async (_what, key) => {
    const test = api()
    test.logto.metadata.id_token_signing_alg_values_supported = ['ES384', 'RS256']
    const kid = 'no-use'
    test.logto.otherKeys = [typeof key === 'object' && key && !Array.isArray(key) ? { ...key, kid } : key]
    const browser = await signedIn(test)
    const forged = { key: 'stranger', header: { kid } } as const
    expect((await call(test, forged)).status).toBe(401)
    expect((await logOut(test, { key: 'stranger', header: { kid, alg: 'ES384' } })).status).toBe(400)
    expect((await call(test)).status).toBe(200)
    await expect(browser).toBeSignedIn()
  })

  const used = [200, 200, 303]
  const passedOver = [401, 400, 503]
  it.each([
    ['2048 bits', 2048, {}, used],
    ['1024 bits', 1024, {}, passedOver],
    ['2048 bits, published whole', 2048, 'private', passedOver],
    ['2048 bits, with an exponent of 1', 2048, { e: 'AQ' }, passedOver],
    ['2048 bits, to encrypt with', 2048, { use: 'enc' }, passedOver],
    ['2048 bits, to sign with', 2048, { key_ops: ['sign'] }, passedOver],
    ['2048 bits, for another algorithm', 2048, { alg: 'RSA-OAEP' }, passedOver],
  ])('RSA key of %s, signing by its own name, is answered %j', async (_what, bits, more, statuses) => {
    const test = api()
    test.logto.metadata.id_token_signing_alg_values_supported = ['ES384', 'RS256']
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: bits })
    const published = more === 'private' ? privateKey : publicKey
    const described = typeof more === 'object' ? more : {}
    /** To the power of 1 a signature stays what it is, so what the usual exponent makes of one is one itself. */
    const signatureOf = (text: string) => {
      const signature = sign('sha256', Buffer.from(text), privateKey)
      if (!('e' in described)) return signature
      return publicEncrypt({ key: publicKey, padding: constants.RSA_NO_PADDING }, signature)
    }
    test.logto.otherKeys = [
      { ...published.export({ format: 'jwk' }), kid: 'rsa-own', alg: 'RS256', ...described },
    ]
    /** The token, signed again by that key: jose would not sign with a weak one. */
    const resigned = async (token: Promise<string>) => {
      const [head = '', payload = ''] = (await token).split('.')
      const header = JSON.parse(Buffer.from(head, 'base64url').toString())
      const header64 = Buffer.from(JSON.stringify({ ...header, alg: 'RS256', kid: 'rsa-own' }))
      const signed = `${header64.toString('base64url')}.${payload}`
      return `${signed}.${signatureOf(signed).toString('base64url')}`
    }
    const access = await resigned(test.logto.accessToken())
    const called = await test.browser().get('/api/notes').set('authorization', `Bearer ${access}`)
    const out = await post(test, { logout_token: await resigned(test.logto.logoutToken()) })
    const idToken = await resigned(test.logto.idToken())
    const back = await signIn(test.browser(), test, '/sign-in', { idToken })
    expect([called.status, out.status, back.status]).toEqual(statuses)
  })

  it.each([
    ['two of one name', () => publicJwk('second'), { kid: 'key-1' }],
    ['the same one twice', () => publicJwk('first'), {}],
  ])('key set, with %s, is read, and the one that signed counts', async (_what, other, change) => {
    const test = api()
    test.logto.otherKeys = [{ ...(await other()), ...change }]
    await signedIn(test)
    expect((await call(test)).status).toBe(200)
    expect((await call(test, { header: { kid: undefined } as never })).status).toBe(200)
    expect((await call(test, { key: 'stranger', header: { kid: 'key-1' } })).status).toBe(401)
  })

  it('key set, of a hundred thousand keys, is read as far as anybody would', async () => {
    const test = testApp()
    test.logto.otherKeys = Array.from({ length: 100_000 }, () => 1)
    const response = await signIn(test.browser(), test)
    expect(response.status).toBeLessThan(504)
    expect(response.status).not.toBe(500)
  })
})
