import { describe, expect, it } from 'vitest'
import { callbackPath, signedInApp, signIn, stateOf, type TestApp, testApp } from '../../support/app.ts'
import { schema } from '../../support/audited/heard.ts'
import { cookieIn, cookieName } from '../../support/responses.ts'

const lines = ({ logs }: TestApp) => logs.filter(({ msg }) => msg === 'audit')
const common = { reference: expect.stringMatching(/^[0-9a-f]{10}$/), address: '127.0.0.1' }
const session = expect.stringMatching(/^[0-9a-f]{12}$/)

describe('audit lines', () => {
  it('sign-in and sign-out, are a line each, of one session, whose ID neither tells', async () => {
    const test = testApp()
    const browser = test.browser()
    const response = await signIn(browser, test)
    await browser.get('/')
    await browser.get('/sign-out')
    await browser.get('/sign-out')
    expect(lines(test)).toEqual([
      expect.objectContaining({ ...common, audit: 'signed_in', sub: 'user-1', session }),
      expect.objectContaining({ ...common, audit: 'signed_out', sub: 'user-1', session }),
    ])
    expect(lines(test)[0]?.session).toBe(lines(test)[1]?.session)
    const id = decodeURIComponent(cookieIn(response, 'session') ?? '').slice(
      `${cookieName('session')}=s:`.length,
      -44,
    )
    expect(JSON.stringify(test.logs)).not.toContain(id)
  })

  it('sign-in, that takes the place of another, is a line with another session', async () => {
    const { test, browser } = await signedInApp()
    await signIn(browser, test)
    const [first, second] = lines(test)
    expect(second).toMatchObject({ audit: 'signed_in', session })
    expect(second?.session).not.toBe(first?.session)
  })

  it.each<[string, Record<string, string | undefined>, string]>([
    ['access denied', { error: 'access_denied' }, 'access_denied'],
    ['another issuer', { iss: 'https://evil.example' }, 'issuer_mismatch'],
    ['no code', {}, 'code_missing'],
    ['a code nobody was given', { code: 'made-up' }, 'code_refused'],
    ['a state nobody was given', { code: 'made-up', state: 'made-up' }, 'attempt_unknown'],
  ])('callback, with %s, is one line that says why', async (_what, parameters, why) => {
    const test = testApp()
    const browser = test.browser()
    const state = await stateOf(browser)
    await browser.get(callbackPath({ state, ...parameters }))
    expect(lines(test)).toEqual([expect.objectContaining({ ...common, audit: 'refused', why })])
    expect(JSON.stringify(lines(test))).not.toContain('made-up')
  })
})

describe('the JSON Schema of audit lines', () => {
  it.each([
    ['without its version', { version: undefined }],
    ['of another version', { version: 2 }],
    ['with a field that nobody has described', { email: 'erin' }],
    ['of an event that nobody knows', { audit: 'made_up' }],
    ['with an ID in place of its hash', { session: 'an-id-of-a-session' }],
    ['without whose it is', { sub: undefined }],
  ])('line, %s, is none', async (_what, change) => {
    const test = testApp()
    await signIn(test.browser(), test)
    const [line] = lines(test)
    expect(schema.safeParse(line).success).toBe(true)
    expect(schema.safeParse(JSON.parse(JSON.stringify({ ...line, ...change }))).success).toBe(false)
  })
})
