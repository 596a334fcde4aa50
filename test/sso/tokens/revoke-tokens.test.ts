import { beforeEach, describe, expect, it, vi } from 'vitest'
import { memoryBackend } from '../../../src/sso/session/backend/memory-backend.ts'
import { FakeLogto, paths } from '../../../src/testing/fake-logto.ts'
import { down } from '../../../src/testing/logto-answers.ts'
import { baseUrl, signIn, type TestApp, testApp } from '../../support/app.ts'
import { logOut, signedIn } from '../logto/logto-calls.ts'

const day = 86_400_000

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
})
/** Somebody who is signed in with this refresh token. */
async function withToken(test: TestApp, refreshToken: string, claims: Record<string, unknown> = {}) {
  test.logto.refreshToken = refreshToken
  return signedIn(test, claims)
}

/** Signs in once more in the same browser, with another refresh token. */
async function again(browser: Awaited<ReturnType<typeof signedIn>>, { logto }: TestApp, claims = {}) {
  logto.refreshToken = 'second'
  expect(await signIn(browser, { logto }, '/sign-in', { claims })).toRedirectTo(`${baseUrl}/`)
}

const revoked = ({ logto }: Pick<TestApp, 'logto'>) => expect.poll(() => logto.revoked)

describe('the refresh token of a session that ends', () => {
  it.each<[string, Record<string, unknown>, Record<string, unknown>, string[]]>([
    ['of the same person', {}, {}, ['first']],
    ['of another person', {}, { sub: 'user-2' }, ['first']],
    ['in another session at Logto', { sid: 'one' }, { sid: 'two' }, ['first']],
    // One grant for both: with the token of the one, that of the other would go.
    ['in the same session at Logto', { sid: 'one' }, { sid: 'one' }, []],
  ])(
    'second sign-in, %s, revokes the first’s, if that does not end the second’s',
    async (_what, first, second, tokens) => {
      const test = testApp()
      const browser = await withToken(test, 'first', first)
      await again(browser, test, second)
      await revoked(test).toEqual(tokens)
      await expect(browser).toBeSignedIn()
      await browser.post('/sign-out')
      await revoked(test).toEqual([...tokens, 'second'])
    },
  )

  it('second sign-in, Logto slow with revocations, does not wait', async () => {
    const test = testApp()
    const browser = await withToken(test, 'first')
    test.logto.break(paths.revocation, () => new Promise(() => {}))
    await again(browser, test)
    await expect(browser).toBeSignedIn()
  })

  it.each<[string, (test: TestApp) => unknown]>([
    [
      'by renewals that fail',
      ({ logto }) => {
        vi.setSystemTime(Date.now() + 3_601_000)
        logto.break(paths.token, down)
      },
    ],
    [
      'by tokens for somebody else',
      ({ logto }) => {
        vi.setSystemTime(Date.now() + 3_601_000)
        logto.renewed = { claims: { sub: 'user-2' } }
      },
    ],
    ['by back-channel logout', (test) => logOut(test)],
  ])('session, ended %s, has it revoked', async (_what, end) => {
    const test = testApp({ settings: { SESSION_IDLE_SECONDS: '999999', REFRESH_GRACE_SECONDS: '0' } })
    const browser = await withToken(test, 'first')
    await end(test)
    await expect(browser).not.toBeSignedIn()
    await revoked(test).toEqual(['first'])
  })

  it('session, ended by a refusal, has none that is worth a call', async () => {
    const test = testApp({ settings: { SESSION_IDLE_SECONDS: '999999' } })
    const browser = await withToken(test, 'first')
    vi.setSystemTime(Date.now() + 3_601_000)
    test.logto.renewed = undefined
    await expect(browser).not.toBeSignedIn()
    expect(test.logto.revoked).toEqual([])
  })

  it('session, ended while it is renewed, has the new one revoked', async () => {
    const backend = memoryBackend({ idle: day })
    const test = testApp({ backend, settings: { SESSION_IDLE_SECONDS: '999999' } })
    const browser = await withToken(test, 'first')
    vi.setSystemTime(Date.now() + 3_601_000)
    test.logto.rotates = true
    test.logto.break(paths.token, async (init) => {
      test.logto.restore(paths.token)
      await backend.removeByName('sub:user-1')
      return test.logto.fetch(`https://logto.test${paths.token}`, init)
    })
    await expect(browser).not.toBeSignedIn()
    await revoked(test).toEqual([test.logto.refreshToken])
  })

  it('sessions, many at once, are revoked a few at a time, and nobody waits for it', async () => {
    const test = testApp({ logto: new FakeLogto() })
    const browser = await signedIn(test)
    for (let others = 0; others < 12; others++) await signedIn(test)
    let [underWay, most] = [0, 0]
    const release: Array<() => void> = []
    const begun: number[] = []
    test.logto.break(paths.revocation, async () => {
      most = Math.max(most, ++underWay)
      begun.push(performance.now())
      await new Promise<void>((resolve) => release.push(resolve))
      underWay--
      return new Response('')
    })
    const response = await browser.post('/sessions/end-others').set({ origin: baseUrl }).type('form').send({})
    expect(response).toRedirectTo(`${baseUrl}/sessions`)
    for (let ended = 0; ended < 12; ended++) {
      await expect.poll(() => release.length).toBeGreaterThan(ended)
      release[ended]?.()
    }
    expect(most).toBe(4)
    // A hundred a second: of each four, the next begin 40 ms later.
    expect((begun[11] ?? 0) - (begun[0] ?? 0)).toBeGreaterThan(75)
  })
})
