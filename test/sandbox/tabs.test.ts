import { describe, expect, it } from 'vitest'
import { UserAgent } from '../support/user-agent.ts'
import { atSignIn, EMPLOYEE, sandboxForTests, signInWithOkta, signUp, toOkta } from './support.ts'

const context = sandboxForTests()

const stateOf = (url: string) => new URL(url).searchParams.get('state')
const NOT_FOUND = 'Session not found'

/** Two tabs of one browser, a sign-in begun in each, one after the other. */
async function twoTabs() {
  const first = new UserAgent()
  const second = first.newTab()
  const states = []
  for (const tab of [first, second]) {
    const url = await context.app.signInUrl()
    states.push(stateOf(url))
    await tab.open(url)
  }
  return { first, second, states }
}

describe('two tabs of one browser, of which Logto knows the sign-in begun last', () => {
  it('tab begun first, filled in, ends with the answer to the second, which is then over', async () => {
    const { username, password } = await signUp(context)
    const { first, second, states } = await twoTabs()
    const { url } = await first.submit({ username, password })
    expect(stateOf(url)).toBe(states[1])
    expect((await context.app.exchange(url)).claims()?.username).toBe(username)
    expect((await second.submit({ username, password })).text).toContain(NOT_FOUND)
  })

  it('tab back from Okta, after another began, is at the sign-in page, which works on', async () => {
    const first = await atSignIn(context)
    await toOkta(first)
    const url = await context.app.signInUrl()
    await first.newTab().open(url)
    const page = await first.submit({ username: EMPLOYEE, password: context.sandbox.password })
    expect(new URL(page.url).pathname).toBe('/sign-in')
    expect(page.text).toContain('The request is with wrong input parameter(s).')
    expect(page.body).not.toContain(context.app.url)
    expect(stateOf((await toOkta(first)).url)).toBe(stateOf(url))
  })

  it('tabs, of a browser signed in at Logto, pass through without a page', async () => {
    const { browser } = await signInWithOkta(context)
    for (const tab of [browser, browser.newTab()]) {
      const url = await context.app.signInUrl()
      const page = await tab.open(url)
      expect(page.url).toContain(`${context.app.url}/callback?code=`)
      expect(stateOf(page.url)).toBe(stateOf(url))
      await context.app.exchange(page.url)
    }
  })
})

describe('a sign-in belongs to the browser that began it', () => {
  it.each(['/sign-in', '/register', '/single-sign-on/email', '/consent', '/reset-password'])(
    'page %s, with the address of another browser’s sign-in, is none',
    async (path) => {
      const { url } = await new UserAgent().open(await context.app.signInUrl())
      const stolen = new URL(url)
      stolen.pathname = path
      expect((await new UserAgent().open(stolen.href)).text).toContain(NOT_FOUND)
    },
  )

  it('cookie, made up, is none', async () => {
    const browser = new UserAgent()
    const { url } = await browser.open(await context.app.signInUrl())
    const cookies = await browser.cookieHeader(url)
    const status = async (cookie: string) =>
      (await fetch(url, { headers: { cookie }, redirect: 'manual' })).status
    expect(await status(cookies)).toBe(200)
    expect(await status(cookies.replace(/(_interaction_\d+)=[^;]+/, '$1=made-up'))).toBe(303)
  })

  it('answer of Okta, opened in another browser, is refused there and still good where it belongs', async () => {
    const browser = new UserAgent()
    const first = await browser.open(await context.app.signInUrl())
    await toOkta(browser)
    const callback = await browser.submitUpTo(
      { username: EMPLOYEE, password: context.sandbox.password },
      (url) => url.startsWith(`${context.sandbox.logto.endpoint}/callback/`),
    )
    expect((await new UserAgent().open(callback)).text).toContain(NOT_FOUND)
    const page = await browser.open(callback)
    expect(stateOf(page.url)).toBe(stateOf(first.hops[0] ?? ''))
    expect((await browser.newTab().open(callback)).text).toContain(NOT_FOUND)
  })

  it('Okta’s sign-in page, in another browser, is refused', async () => {
    const browser = await atSignIn(context)
    const { url } = await toOkta(browser)
    const page = await new UserAgent().open(url)
    expect(page.status).toBe(400)
    expect(page.text).toContain('Your sign-in has expired')
  })
})

it('cookies, of twenty abandoned starts up to Okta, stay under 1.2 KB for the app’s own paths', async () => {
  const browser = new UserAgent()
  for (let start = 0; start < 20; start += 1) {
    await browser.open(await context.app.signInUrl())
    await toOkta(browser)
  }
  const header = await browser.cookieHeader(`${context.app.url}/`)
  expect(header.length).toBeLessThan(1200)
})
