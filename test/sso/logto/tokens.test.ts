import { generateKeyPairSync } from 'node:crypto'
import { UnsecuredJWT } from 'jose'
import supertest from 'supertest'
import { describe, expect, it } from 'vitest'
import { isIdentifier, isTyped } from '../../../src/sso/logto/verify/id-token.ts'
import { apiResource, appId, FakeLogto } from '../../../src/testing/fake-logto.ts'
import { signIn, testApp } from '../../support/app.ts'
import { FakeOkta } from '../../support/fake-okta.ts'
import { acme, beta, withCompanies } from '../company/company-calls.ts'
import { audits, post, signedIn } from './logto-calls.ts'

describe('what a token may be called and of whom it may be', () => {
  const half = '\ud800'
  it.each([
    ['', false],
    [7, false],
    [null, false],
    [['user-1'], false],
    [{ toString: 1 }, false],
  ])('identifier, %j, is one: %s', (value, expected) => expect(isIdentifier(value)).toBe(expected))

  it('identifier, of 255 characters, is one; of 256 or with half a character, none', () => {
    expect(isIdentifier('x'.repeat(255))).toBe(true)
    for (const value of ['x'.repeat(256), `user-${half}`]) expect(isIdentifier(value)).toBe(false)
  })

  it.each([
    ['at+jwt', true],
    ['AT+JWT', true],
    ['application/at+jwt', true],
    ['x-at+jwt', false],
    ['at+jwt2', false],
    ['JWT', false],
    [undefined, false],
    [7, false],
  ])('typ, %s, is that of an access token: %s', (typ, expected) => {
    expect(isTyped({ typ: typ as string }, 'at+jwt')).toBe(expected)
  })
})

const now = () => Math.floor(Date.now() / 1000)
const nested = (depth: number) => JSON.parse('['.repeat(depth) + ']'.repeat(depth))
const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

const app = () => {
  const logto = new FakeLogto()
  const [okta, otherOkta] = [new FakeOkta(acme.issuer).joins(logto), new FakeOkta(beta.issuer).joins(logto)]
  return {
    ...testApp({ logto, settings: { ...withCompanies(), API_RESOURCE: apiResource } }),
    okta,
    otherOkta,
  }
}
type App = ReturnType<typeof app>

/** How a token differs from a good one. */
interface Change {
  claims?: Record<string, unknown>
  header?: Record<string, unknown>
  /** Who has signed it: nobody known, the issuer by an algorithm that it has not announced. */
  by?: 'stranger' | 'unannounced'
  /** What becomes of the good one. */
  made?: (good: string, test: App) => string | Promise<string>
}

const ofLogto = ({ by, ...change }: Change) => ({
  ...change,
  ...(by && { key: by === 'stranger' ? by : ('rsa' as const) }),
})
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
const ofOkta = ({ by, claims = {}, header }: Change) => ({
  claims,
  header: { ...(by === 'stranger' ? { kid: by } : by && { alg: 'PS256' }), ...header },
  ...(by === 'stranger' && { key: stranger }),
})

/** Every token that proves something here: who makes it, how it is sent, and how it is answered. */
const kinds = {
  'ID token': {
    make: ({ logto }: App, change: Change) => logto.idToken(ofLogto(change)),
    send: async (test: App, idToken: string) => signIn(test.browser(), test, '/sign-in', { idToken }),
    answers: { taken: 303, refused: 503 },
    why: () => 'id_token_refused',
  },
  'logout token': {
    make: ({ logto }: App, change: Change) => logto.logoutToken(ofLogto(change)),
    send: async (test: App, token: string) => post(test, { logout_token: token }),
    answers: { taken: 200, refused: 400 },
    why: (part: string) => `logout_token_${part}`,
  },
  'access token': {
    make: ({ logto }: App, change: Change) => logto.accessToken(ofLogto(change)),
    send: async ({ browser }: App, token: string) =>
      browser().get('/api/notes').set('authorization', `Bearer ${token}`),
    answers: { taken: 200, refused: 401 },
    why: (part: string) => `access_token_${part}`,
  },
  'revocation token': {
    make: ({ okta }: App, change: Change) => okta.revocationToken(ofOkta(change)),
    send: async ({ app }: App, token: string) =>
      supertest(app)
        .post('/global-token-revocation')
        .auth(token, { type: 'bearer' })
        .send({ sub_id: { format: 'iss_sub', iss: acme.issuer, sub: 'nobody' } }),
    answers: { taken: 204, refused: 401 },
    why: (part: string) => `revocation_token_refused_${part}`,
  },
}
type Kind = keyof typeof kinds

async function sent(test: App, kind: Kind, { made, ...change }: Change) {
  const good = await kinds[kind].make(test, change)
  const token = made ? await made(good, test) : good
  return { token, response: await kinds[kind].send(test, token) }
}

/** A token with another header or payload, and the signature as it was or none. */
const rewritten =
  (change: { header?: object; claims?: object }, isSigned = true) =>
  (good: string) => {
    const [header, payload, signature] = good.split('.')
    const part = (text = '', more = {}) =>
      base64({ ...JSON.parse(Buffer.from(text, 'base64url').toString()), ...more })
    return [part(header, change.header), part(payload, change.claims), isSigned ? signature : ''].join('.')
  }

/** What is wrong, the part of the token that the log names, and what is changed; times are told when the test runs. */
type Row = [what: string, part: string, change: Change | (() => Change)]

const every: Row[] = [
  ['that is no JWT', 'form', { made: () => 'nonsense' }],
  ['that has five parts, as an encrypted one', 'form', { made: () => 'a.b.c.d.e' }],
  ['with a critical header nobody knows', 'form', { made: rewritten({ header: { crit: ['x'], x: 1 } }) }],
  ['of alg none', 'alg', { made: rewritten({ header: { alg: 'none' } }, false) }],
  ['of an algorithm not announced', 'alg', { by: 'unannounced' }],
  ['of an unknown key', 'signature', { by: 'stranger' }],
  ['whose claims were changed', 'signature', { made: rewritten({ claims: { more: 1 } }) }],
  ['of another issuer', 'iss', { claims: { iss: 'https://evil.example/oidc' } }],
  ['of no issuer', 'iss', { claims: { iss: undefined } }],
  ['for another audience', 'aud', { claims: { aud: 'https://other.test' } }],
  ['for no audience', 'aud', { claims: { aud: undefined } }],
  ['that ran out 90 seconds ago', 'exp', () => ({ claims: { iat: now() - 100, exp: now() - 90 } })],
  ['without an end', 'exp', { claims: { exp: undefined } }],
  ['whose end is a text', 'exp', { claims: { exp: '9999999999' } }],
  ['without a beginning', 'iat', { claims: { iat: undefined } }],
  ['not good for 90 seconds', 'nbf', () => ({ claims: { nbf: now() + 90 } })],
  ['whose sub has 256 characters', 'sub', { claims: { sub: 'x'.repeat(256) } }],
]
const aged: Row[] = [
  ['from a clock 90 seconds ahead', 'iat', () => ({ claims: { iat: now() + 90 } })],
  ['issued 390 seconds ago', 'iat', () => ({ claims: { iat: now() - 390, exp: now() + 3600 } })],
]
const typed: Row[] = [
  ['of no type', 'typ', { header: { typ: undefined } }],
  ['typed JWT', 'typ', { header: { typ: 'JWT' } }],
]
/** With a key's name that is known. */
const named = (kid: string): Row => [
  "with a known key's name on an unknown signature",
  'signature',
  { by: 'stranger', header: { kid } },
]
const event = 'http://schemas.openid.net/event/backchannel-logout'
const address = 'http://app.test/global-token-revocation'

const refused: Record<Kind, Row[]> = {
  'ID token': [
    ...aged,
    named('key-1'),
    ['for another audience too', 'aud', { claims: { aud: [appId, 'another-app'] } }],
    ['without sub', 'sub', { claims: { sub: undefined } }],
    ['given to another client', 'azp', { claims: { azp: 'another-app' } }],
    ['given to a list of clients', 'azp', { claims: { azp: [appId] } }],
    ['given to null', 'azp', { claims: { azp: null } }],
    ['typed as an access token', 'typ', { header: { typ: 'at+jwt' } }],
    ['that is endless', 'form', { claims: { name: 'x'.repeat(200_000) } }],
    ['of ten thousand values', 'form', { claims: { custom_data: { list: Array(10_000).fill(0) } } }],
    ['nested beyond reason', 'form', { claims: { custom_data: nested(40) } }],
  ],
  'logout token': [
    ...aged,
    ...typed,
    named('key-1'),
    ['that is an ID token', 'jti', { made: (_, { logto }) => logto.idToken() }],
    [
      'that is an ID token with a jti',
      'events',
      { made: (_, t) => t.logto.idToken({ claims: { jti: 'a' } }) },
    ],
    ['without events', 'events', { claims: { events: undefined } }],
    ['whose events are null', 'events', { claims: { events: null } }],
    ['whose events are a list', 'events', { claims: { events: [event] } }],
    ['of another event', 'events', { claims: { events: { 'http://schemas.openid.net/event/other': {} } } }],
    ['whose event is null', 'events', { claims: { events: { [event]: null } } }],
    ['whose event is a text', 'events', { claims: { events: { [event]: 'yes' } } }],
    ['whose event is a list', 'events', { claims: { events: { [event]: [] } } }],
    ['with a nonce', 'nonce', { claims: { nonce: 'abc' } }],
    ['with a nonce that is null', 'nonce', { claims: { nonce: null } }],
    ['without sid and sub', 'sid_or_sub', { claims: { sub: undefined } }],
    ['whose sub is null', 'sub', { claims: { sub: null } }],
    ['whose sid is null', 'sid', { claims: { sid: null } }],
    ['whose sid has 256 characters', 'sid', { claims: { sid: 'x'.repeat(256) } }],
    ['without jti', 'jti', { claims: { jti: undefined } }],
    ['whose jti is empty', 'jti', { claims: { jti: '' } }],
  ],
  'access token': [
    ...typed,
    named('key-1'),
    ['without sub', 'sub', { claims: { sub: undefined } }],
    [
      'that is an ID token for the API',
      'client_id',
      { made: (_, t) => t.logto.idToken({ claims: { aud: apiResource } }) },
    ],
    ['for a part of the API', 'aud', { claims: { aud: `${apiResource}/notes` } }],
    ['for the app itself', 'aud', { claims: { aud: appId } }],
    ['for two APIs', 'aud', { claims: { aud: [apiResource, 'https://other.test'] } }],
    ['for a list in a list', 'aud', { claims: { aud: [[apiResource]] } }],
    ['for an empty list', 'aud', { claims: { aud: [] } }],
    ['for no organization in particular', 'aud', { claims: { aud: 'urn:logto:organization:' } }],
    [
      'for an organization itself, where the API alone is asked',
      'aud',
      { claims: { aud: 'urn:logto:organization:acme' } },
    ],
    ['given to no application', 'client_id', { claims: { client_id: undefined } }],
    ['given to an application that is empty', 'client_id', { claims: { client_id: '' } }],
    ['bound to a key', 'cnf', { claims: { cnf: { jkt: 'a-thumbprint' } } }],
    ['whose scope is a list', 'scope', { claims: { scope: ['read:notes'] } }],
    ['whose organization is no text', 'organization_id', { claims: { organization_id: ['acme'] } }],
  ],
  'revocation token': [
    ...aged,
    ...typed,
    named(acme.issuer),
    ['of two parts', 'form', { made: (good) => good.split('.').slice(0, 2).join('.') }],
    ['whose payload is null', 'form', { made: () => `e30.${Buffer.from('null').toString('base64url')}.x` }],
    ['of 10,000 characters', 'form', { claims: { junk: 'a'.repeat(10_000) } }],
    ['without signature or header', 'alg', { made: () => new UnsecuredJWT({ iss: acme.issuer }).encode() }],
    [
      'by another company’s key',
      'signature',
      { made: (_, { otherOkta }) => otherOkta.revocationToken({ claims: { iss: acme.issuer } }) },
    ],
    ['of an issuer with a slash more', 'iss', { claims: { iss: `${acme.issuer}/` } }],
    ['of issuers in a list', 'iss', { claims: { iss: [acme.issuer, beta.issuer] } }],
    ['of a number for an issuer', 'iss', { claims: { iss: 7 } }],
    ['of another app’s client ID', 'sub', { claims: { sub: 'client-of-beta' } }],
    ['of no client ID', 'sub', { claims: { sub: undefined } }],
    ['for the app’s home', 'aud', { claims: { aud: 'http://app.test/' } }],
    ['for the address with a slash more', 'aud', { claims: { aud: `${address}/` } }],
    ['for the address and another', 'aud', { claims: { aud: [address, 'https://else.test'] } }],
    ['without jti', 'jti', { claims: { jti: undefined } }],
    ['whose jti has 300 characters', 'jti', { claims: { jti: 'a'.repeat(300) } }],
  ],
}

const names = Object.keys(kinds) as Kind[]
const changeOf = (change: Row[2]) => (typeof change === 'function' ? change() : change)

describe.each(names)('%s', (kind) => {
  it.each([...every, ...refused[kind]])(
    'one %s, is refused for its %s and ends nothing',
    async (_, part, change) => {
      const test = app()
      const browser = await signedIn(test)
      const { token, response } = await sent(test, kind, changeOf(change))
      expect(response.status).toBe(kinds[kind].answers.refused)
      expect(audits(test, 'refused')).toMatchObject([
        { why: kinds[kind].why(part), address: expect.any(String) },
      ])
      expect(response.text + JSON.stringify(test.logs)).not.toContain(token.slice(-20))
      await expect(browser).toBeSignedIn()
    },
  )
})

const taken: Array<[Kind, string, Change | (() => Change)]> = [
  ...names.flatMap((kind): typeof taken => [
    [kind, 'that ran out 50 seconds ago', () => ({ claims: { iat: now() - 100, exp: now() - 50 } })],
    [kind, 'from a clock 50 seconds ahead', () => ({ claims: { iat: now() + 50, nbf: now() + 50 } })],
    [kind, 'born 330 seconds ago', () => ({ claims: { iat: now() - 330, exp: now() + 3600 } })],
    [kind, 'with claims nobody knows', { claims: { toe: 1, more: { a: 1 } } }],
  ]),
  ['ID token', 'for this audience alone, as a list', { claims: { aud: [appId] } }],
  ['ID token', 'given to this client', { claims: { azp: appId } }],
  ['ID token', 'typed JWT', { header: { typ: 'JWT' } }],
  ['logout token', 'with its typ in full', { header: { typ: 'application/LOGOUT+JWT' } }],
  ['logout token', 'for other audiences besides', { claims: { aud: ['another-app', appId] } }],
  ['logout token', 'whose event says more', { claims: { events: { [event]: { a: 1 }, other: null } } }],
  ['access token', 'typed in full', { header: { typ: 'application/AT+JWT' } }],
  ['access token', 'for the API, as a list', { claims: { aud: [apiResource] } }],
  ['access token', 'of an application for itself', { claims: { sub: 'a-script', client_id: 'a-script' } }],
  ['access token', 'for the API in the name of an organization', { claims: { organization_id: 'acme' } }],
  [
    'revocation token',
    'with its typ in full',
    { header: { typ: 'application/Global-Token-Revocation+JWT' } },
  ],
  ['revocation token', 'for the address, as a list', { claims: { aud: [address] } }],
  ['revocation token', 'without nbf', { claims: { nbf: undefined } }],
]

it.each(taken)('%s, one %s, is taken', async (kind, _what, change) => {
  const { response } = await sent(app(), kind, changeOf(change))
  expect(response.status).toBe(kinds[kind].answers.taken)
})
