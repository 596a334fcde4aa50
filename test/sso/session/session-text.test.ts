import { describe, expect, it } from 'vitest'
import { fromText, sidOf, toText } from '../../../src/sso/session/session-data.ts'

const sdk = (tokens: Record<string, object>) => JSON.stringify(tokens)
const accessToken = { token: 'access', scope: 'openid profile', expiresAt: 1_800_000_000 }
const session = {
  logto: { refreshToken: 'refresh', accessToken: sdk({ '@': accessToken }) },
  claims: { sub: 'user-1', sid: 'session-1', name: 'Erin' },
  tokensAt: 1_799_996_400_000,
  freshUntil: 1_800_000_000_000,
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
    ['without a refresh token', { ...session, logto: {}, freshUntil: undefined }],
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

  it('session, by its ID token or one before, belongs to one at Logto, or to none', () => {
    const claims = { sub: 'user-1' }
    expect(sidOf({ claims: { ...claims, sid: 'session-1' }, sid: 'session-0' })).toBe('session-1')
    expect(sidOf({ claims, sid: 'session-0' })).toBe('session-0')
    expect(sidOf({ claims })).toBeUndefined()
  })
})
