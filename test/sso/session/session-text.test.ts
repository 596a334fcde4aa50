import { describe, expect, it } from 'vitest'
import { fromText, sidOf, toText } from '../../../src/sso/session/session-data.ts'

const sdk = (tokens: Record<string, object>) => JSON.stringify(tokens)
const accessToken = { token: 'access', scope: 'openid profile', expiresAt: 1_800_000_000 }
const session = {
  logto: { idToken: 'id', refreshToken: 'refresh', accessToken: sdk({ '@': accessToken }) },
  tokensAt: 1_799_996_400_000,
  freshUntil: 1_800_000_000_000,
  sub: 'user-1',
  startedAt: 1_799_996_300_000,
  from: { browser: 'Firefox', system: 'Windows', address: '203.0.113.7' },
  endsAt: 1_800_080_000_000,
}

describe('a session as text', () => {
  it('session, kept and read, holds what it held, but for scopes that nobody asks for', () => {
    const read = fromText(toText({ ...session, cart: ['a book'] }))
    const scopeless = sdk({ '@': { ...accessToken, scope: '' } })
    expect(read).toEqual({
      ...session,
      logto: { ...session.logto, accessToken: scopeless },
      cart: ['a book'],
    })
  })

  it('session, kept, holds nothing twice', () => {
    const text = toText(session)
    expect(text).not.toMatch(/scope|freshUntil|\\/)
    expect(text.match(/1800000000/g)).toHaveLength(1)
    expect(text.length).toBeLessThan(300)
  })

  it.each([
    ['whose tokens could not be renewed', { ...session, freshUntil: 1_800_000_009_000, failingSince: 5 }],
    ['without a refresh token', { ...session, logto: { idToken: 'id' }, freshUntil: undefined }],
    [
      'with tokens for resources',
      { ...session, logto: { ...session.logto, accessToken: sdk({ '@': accessToken, api: accessToken }) } },
    ],
    ['whose access token was cleared', { ...session, logto: { ...session.logto, accessToken: '{}' } }],
    [
      'whose access token says not when it runs out',
      {
        ...session,
        logto: { ...session.logto, accessToken: sdk({ '@': { ...accessToken, expiresAt: null } }) },
        freshUntil: undefined,
      },
    ],
    ['of nobody', {}],
  ])('session, %s, is read as it was', (_what, given) => {
    const read = fromText(toText(given))
    const { logto, ...rest } = given as Partial<typeof session>
    expect({ ...read, logto: undefined }).toEqual({ ...rest, logto: undefined })
    expect(read.logto?.idToken).toBe(logto?.idToken)
    const tokens = (text = '{}') => JSON.parse(text)
    for (const [name, token] of Object.entries(tokens(logto?.accessToken))) {
      expect(tokens(read.logto?.accessToken)[name]).toMatchObject({
        token: (token as object & { token: string }).token,
      })
    }
  })

  it('session, kept before tokens were plain, still has its access token', () => {
    expect(fromText(JSON.stringify(session))).toEqual(session)
  })

  it('session, kept again as it was read, is the same text', () => {
    const text = toText(session)
    expect(toText(fromText(text))).toBe(text)
  })

  it.each(['', 'no JSON', 'null', '1', '"text"', '[]'])('text, %j, is nobody’s session', (text) => {
    expect(fromText(text).logto).toBeUndefined()
  })

  it('session, by its ID token, belongs to one at Logto, or to none', () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const token = (claims: object) => ({ logto: { idToken: `${part({ alg: 'ES384' })}.${part(claims)}.x` } })
    expect(sidOf(token({ sid: 'session-1' }))).toBe('session-1')
    expect(sidOf(token({}))).toBeUndefined()
    expect(sidOf(token({ sid: 1 }))).toBeUndefined()
    expect(sidOf({ logto: { idToken: 'no token' } })).toBeUndefined()
  })
})
