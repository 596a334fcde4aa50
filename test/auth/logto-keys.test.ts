import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { signIn, type TestApp, testApp } from '../support/app.ts'
import { paths } from '../support/fake-logto.ts'
import { logOut, post, signedIn } from './logto-calls.ts'

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
