import { describe, expect, it, vi } from 'vitest'
import { baseUrl, callbackPath, signIn, startSignIn, stateOf, testApp } from '../../support/app.ts'
import { cookieIn, cookiesOf, stateIn } from '../../support/responses.ts'
import { watchedBackend } from '../../support/watched-backend.ts'

const orders = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
]

describe('attempts of many tabs', () => {
  describe.each([false, true])('signed in before: %s', (signedInBefore) => {
    it.each(orders)('three tabs, one after another, finish in the order %i %i %i', async (...order) => {
      const test = testApp()
      const browser = test.browser()
      if (signedInBefore) await signIn(browser, test)
      const states: string[] = []
      for (const tab of [0, 1, 2]) {
        states.push(await stateOf(browser, `/sign-in?return_to=/tab-${tab}?x=${tab}`))
      }
      for (const tab of order) {
        const response = await browser.get(callbackPath({ code: test.logto.code(), state: states[tab] }))
        expect(response).toRedirectTo(`${baseUrl}/tab-${tab}?x=${tab}`)
        await expect(browser).toBeSignedIn()
      }
    })

    it.each(orders)('three tabs, at the same instant, finish in the order %i %i %i', async (...order) => {
      const test = testApp()
      const browser = test.browser()
      if (signedInBefore) await signIn(browser, test)
      const states = await Promise.all(
        [0, 1, 2].map((tab) => stateOf(browser, `/sign-in?return_to=/tab-${tab}`)),
      )
      for (const tab of order) {
        const response = await browser.get(callbackPath({ code: test.logto.code(), state: states[tab] }))
        expect(response).toRedirectTo(`${baseUrl}/tab-${tab}`)
      }
      await expect(browser).toBeSignedIn()
    })
  })
})

describe('abandoned attempts', () => {
  const longPath = `/deep?${'q'.repeat(1500)}`

  it.each([
    ['short return paths', '/profile'],
    ['long return paths', longPath],
  ])('50 starts, one after another, %s, leave few small cookies and no session', async (_what, returnTo) => {
    const backend = watchedBackend()
    const browser = testApp({ backend }).browser()
    for (let count = 0; count < 50; count++) {
      await startSignIn(browser, `/sign-in?${new URLSearchParams({ return_to: returnTo })}`)
    }
    expect(cookiesOf(browser).length).toBeLessThan(2048)
    expect(await backend.ids()).toEqual([])
  })

  it('50 starts, at the same instant, leave a header under 4 KB, and the next start cuts it', async () => {
    const test = testApp({ settings: { BASE_URL: 'http://app.test' } })
    const browser = test.browser()
    await Promise.all(Array.from({ length: 50 }, () => startSignIn(browser, '/sign-in?return_to=/profile')))
    expect(cookiesOf(browser).length).toBeLessThan(4096 - '__Host-'.length * 50)
    const state = await stateOf(browser)
    expect(cookiesOf(browser).length).toBeLessThan(2048)
    expect((await browser.get(callbackPath({ code: test.logto.code(), state }))).status).toBe(303)
  })

  it('20 starts, one after another, leave the newest 16 to be finished and no other', async () => {
    const test = testApp()
    const browser = test.browser()
    const states: string[] = []
    vi.useFakeTimers({ toFake: ['Date'] }) // of attempts of one millisecond none is the oldest
    const began = Date.now()
    for (let count = 0; count < 20; count++) {
      vi.setSystemTime(began + count)
      states.push(await stateOf(browser, `/sign-in?return_to=/number-${count}`))
    }
    const finished: number[] = []
    for (const [number, state] of states.entries()) {
      const response = await browser.get(callbackPath({ code: test.logto.code(), state }))
      if (response.status === 303) finished.push(number)
    }
    expect(finished).toEqual([4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19])
  })
})

describe('age and keys of attempts', () => {
  it('attempt, older than an hour, is stale: home when signed in, else an error page', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const test = testApp()
    const [signedIn, stranger] = [test.browser(), test.browser()]
    await signIn(signedIn, test)
    const path = '/sign-in?return_to=/private-place'
    const states = [await stateOf(signedIn), await stateOf(stranger, path)]
    vi.setSystemTime(Date.now() + 3601_000)
    const [first, second] = [
      await signedIn.get(callbackPath({ code: test.logto.code(), state: states[0] })),
      await stranger.get(callbackPath({ code: test.logto.code(), state: states[1] })),
    ]
    expect(first).toRedirectTo(`${baseUrl}/`)
    expect(second).toBeErrorPage(400)
    expect(second.text).not.toContain('private-place')
    expect(test.logto.tokenRequests).toHaveLength(1)
  })

  it.each([
    [
      'put first in the list',
      'another-secret-for-tests-0123456789,a-secret-for-tests-0123456789-abcdef',
      303,
    ],
    ['replaced', 'another-secret-for-tests-0123456789', 400],
  ])('attempt, session secret %s meanwhile, answers as it should', async (_what, secrets, status) => {
    const before = testApp()
    const begun = await before.browser().get('/sign-in')
    const state = stateIn(begun)
    const after = testApp({ logto: before.logto, settings: { SESSION_SECRET: secrets } })
    const response = await after
      .browser()
      .get(callbackPath({ code: before.logto.code(), state }))
      .set('cookie', cookieIn(begun, 'attempt') ?? '')
    expect(response.status).toBe(status)
  })

  it('attempt, its state, shows neither return path nor verifier to others', async () => {
    const test = testApp()
    const browser = test.browser()
    const state = await stateOf(browser, '/sign-in?return_to=/private-place')
    for (const part of state.split('.')) {
      expect(Buffer.from(part, 'base64url').toString()).not.toContain('private-place')
    }
    await browser.get(callbackPath({ code: test.logto.code(), state }))
    expect(state).not.toContain(test.logto.tokenRequests[0]?.body.get('code_verifier'))
  })
})
