import { describe, expect, it } from 'vitest'
import { paths } from '../../../src/testing/fake-logto.ts'
import { tokenAnswer } from '../../../src/testing/logto-answers.ts'
import { callbackPath, signIn, stateOf, testApp } from '../../support/app.ts'
import { cookieIn } from '../../support/responses.ts'
import { watchedBackend } from '../../support/watched-backend.ts'
import { logOut } from '../logto/logto-calls.ts'

/** A promise, and what settles it. */
function deferred<T>() {
  let resolve: (value: T) => void = () => {}
  const promise = new Promise<T>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}

describe('sessions that end while something is under way', () => {
  it('sign-in, its person ended while Logto exchanges the code, does not become a session', async () => {
    const backend = watchedBackend()
    const one = testApp({ backend, settings: { LOGTO_TIMEOUT_SECONDS: '10' } })
    const two = testApp({ backend })
    const browser = one.browser()
    const state = await stateOf(browser)
    const exchange = deferred<Response>()
    one.logto.break(paths.token, () => exchange.promise)
    const callback = browser.get(callbackPath({ code: 'any', state })).then((response) => response)
    await expect.poll(() => one.logto.callsTo(paths.token)).toBe(1)
    expect((await logOut(two)).status).toBe(200)
    exchange.resolve(tokenAnswer(await one.logto.idToken()))
    const response = await callback
    expect(response).toBeErrorPage(403)
    expect(cookieIn(response, 'session')).toBeUndefined()
    expect(await backend.ids()).toEqual([])
    await expect(browser).not.toBeSignedIn()
    one.logto.restore(paths.token)
    await signIn(browser, one)
    await expect(browser).toBeSignedIn()
  })
})
