import { describe, expect, it } from 'vitest'
import { UserAgent } from '../support/user-agent.ts'
import { EMPLOYEE, sandboxForTests, signInWithOkta, signUp, toOkta } from './support.ts'

const context = sandboxForTests()

const tabsOf = (browser: UserAgent) => [browser, browser.newTab(), browser.newTab()] as const

const stateOf = (url: string) => new URL(url).searchParams.get('state')

/** Starts one authorization request in each tab at the same instant; gives each tab's state. */
async function openAtOnce(tabs: readonly UserAgent[], extra: Record<string, string> = {}) {
  const urls = await Promise.all(tabs.map(() => context.app.signInUrl(extra)))
  await Promise.all(tabs.map((tab, index) => tab.open(urls[index] ?? '')))
  return urls.map(stateOf)
}

async function expectOwnAnswer(tab: UserAgent, state: string | null | undefined) {
  const { url = '' } = tab.page ?? {}
  expect(url).toContain(`${context.app.url}/callback?code=`)
  expect(stateOf(url)).toBe(state)
  return context.app.exchange(url)
}

describe('three tabs of one browser', () => {
  it.each([
    [0, 1, 2],
    [2, 1, 0],
    [1, 2, 0],
  ])(
    'tabs, started at once and finished in the order %i %i %i, each end with their own code',
    async (...order) => {
      const tabs = tabsOf(new UserAgent())
      const states = await openAtOnce(tabs)
      for (const index of order) {
        const tab = tabs[index] as UserAgent
        await toOkta(tab)
        const asked = new URL(tab.page?.url ?? '').pathname.startsWith('/login/')
        if (asked) await tab.submit({ username: EMPLOYEE, password: context.sandbox.password })
        await expectOwnAnswer(tab, states[index])
      }
    },
  )

  it('tabs, each step taken in all at once, each end with their own code', async () => {
    const tabs = tabsOf(new UserAgent())
    const states = await openAtOnce(tabs)
    await Promise.all(tabs.map((tab) => toOkta(tab)))
    const typed = { username: EMPLOYEE, password: context.sandbox.password }
    await Promise.all(tabs.map((tab) => tab.submit(typed)))
    for (const [index, tab] of tabs.entries()) await expectOwnAnswer(tab, states[index])
  })

  it('tabs, with a local account and all at once, each end with their own code', async () => {
    const { username, password } = await signUp(context)
    const tabs = tabsOf(new UserAgent())
    const states = await openAtOnce(tabs)
    await Promise.all(tabs.map((tab) => tab.submit({ username, password })))
    for (const [index, tab] of tabs.entries()) await expectOwnAnswer(tab, states[index])
  })

  it('tabs, of a browser signed in at Logto, pass through without a page', async () => {
    const { browser } = await signInWithOkta(context)
    for (let round = 0; round < 5; round += 1) {
      const tabs = tabsOf(browser)
      const states = await openAtOnce(tabs)
      for (const [index, tab] of tabs.entries()) await expectOwnAnswer(tab, states[index])
    }
  })

  it('tabs, of a browser signed in at Okta alone, pass through without a page', async () => {
    const { browser } = await signInWithOkta(context)
    const session = `_session_${new URL(context.sandbox.logto.endpoint).port}`
    for (const name of [session, `${session}.sig`])
      await browser.jar.store.removeCookie('localhost', '/', name)
    const direct = `sso:${context.sandbox.tenant.ssoConnectors[0]?.id}`
    const tabs = tabsOf(browser)
    const states = await openAtOnce(tabs, { direct_sign_in: direct })
    const signedIn = await Promise.all(tabs.map((tab, index) => expectOwnAnswer(tab, states[index])))
    expect(new Set(signedIn.map((tokens) => tokens.claims()?.sub)).size).toBe(1)
  })
})

describe('a sign-in belongs to the browser that began it', () => {
  it.each(['/sign-in', '/register', '/single-sign-on/email', '/consent', '/reset-password'])(
    'page %s, with another browser’s interaction in its address, is refused',
    async (path) => {
      const victim = new UserAgent()
      const { url } = await victim.open(await context.app.signInUrl())
      const stolen = new URL(url)
      stolen.pathname = path
      expect((await new UserAgent().open(stolen.href)).text).toContain('This sign-in has ended')
    },
  )

  it('form, posted with another browser’s interaction, signs nobody in', async () => {
    const { username, password, browser: attacker } = await signUp(context)
    const victim = new UserAgent()
    const { url } = await victim.open(await context.app.signInUrl())
    const response = await attacker.request(url, {
      method: 'POST',
      body: new URLSearchParams({ username, password }),
    })
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('This sign-in has ended')
    expect((await victim.open(url)).text).toContain('Sign in to your account')
  })

  it('cookie, made up for another browser’s interaction, is refused', async () => {
    const victim = new UserAgent()
    const { url } = await victim.open(await context.app.signInUrl())
    const uid = new URL(url).searchParams.get('interaction') ?? ''
    const attacker = new UserAgent()
    await attacker.open(await context.app.signInUrl())
    const [own = ''] = /_signin_[^;]*/.exec(await attacker.cookieHeader(url)) ?? []
    const forged = own.replace(/^_signin_[^=]*/, `_signin_${uid.slice(0, 8)}`)
    const response = await fetch(url, { headers: { cookie: forged } })
    expect(response.status).toBe(400)
  })

  it('answer of Okta, opened in another browser, is refused there and still good where it belongs', async () => {
    const browser = new UserAgent()
    const first = await browser.open(await context.app.signInUrl())
    await toOkta(browser)
    const login = browser.page?.url ?? ''
    const back = await browser.request(login, {
      method: 'POST',
      body: new URLSearchParams({ username: EMPLOYEE, password: context.sandbox.password }),
    })
    const resumed = await browser.request(back.headers.get('location') ?? '')
    const callback = resumed.headers.get('location') ?? ''
    expect(callback).toContain(`${context.sandbox.logto.endpoint}/callback/`)
    expect((await new UserAgent().open(callback)).text).toContain('This sign-in has ended')
    const page = await browser.open(callback)
    expect(stateOf(page.url)).toBe(stateOf(first.hops[0] ?? ''))
    expect((await browser.newTab().open(callback)).text).toContain('This sign-in has ended')
  })

  it('Okta’s sign-in page, in another browser, is refused', async () => {
    const browser = new UserAgent()
    await browser.open(await context.app.signInUrl())
    const { url } = await toOkta(browser)
    const page = await new UserAgent().open(url)
    expect(page.status).toBe(400)
    expect(page.text).toContain('Your sign-in has expired')
  })

  it('page, with no interaction in its address, goes on with the one begun last, as at Logto', async () => {
    const browser = new UserAgent()
    await browser.open(await context.app.signInUrl())
    const page = await browser.open(await context.app.signInUrl())
    const plain = page.url.replace(/&interaction=.*/, '')
    const asked = await browser.open(plain)
    expect(asked.text).toContain('Sign in to your account')
    expect(asked.body).toContain(new URL(page.url).searchParams.get('interaction'))
  })
})

describe('cookies', () => {
  it('fifty abandoned starts, up to Okta, leave under 1.2 KB for the app’s own paths', async () => {
    const browser = new UserAgent()
    for (let start = 0; start < 50; start += 1) {
      await browser.open(await context.app.signInUrl())
      await toOkta(browser)
    }
    const header = await browser.cookieHeader(`${context.app.url}/`)
    expect(header.length).toBeLessThan(1200)
  })

  it('fifty starts at the same instant, then one page, leave under 1.2 KB', async () => {
    const browser = new UserAgent()
    const urls = await Promise.all(Array.from({ length: 50 }, () => context.app.signInUrl()))
    await Promise.all(urls.map((url) => browser.newTab().open(url)))
    await browser.open(await context.app.signInUrl())
    expect((await browser.cookieHeader(`${context.app.url}/`)).length).toBeLessThan(1200)
  })

  it('cookie of a sign-in long abandoned, seen again, is taken back', async () => {
    const browser = new UserAgent()
    const { url } = await browser.open(await context.app.signInUrl())
    const prefix = `_signin_${new URL(context.sandbox.logto.endpoint).port}_`
    const old = `${prefix}longgone=${(Date.now() - 61 * 60 * 1000).toString(36)}.x`
    const young = `${prefix}stillhere=${Date.now().toString(36)}.x`
    for (const address of [url, await context.app.signInUrl()]) {
      const response = await fetch(address, { headers: { cookie: `${old}; ${young}` }, redirect: 'manual' })
      const cleared = response.headers
        .getSetCookie()
        .filter((cookie) => /expires=Thu, 01 Jan 1970/i.test(cookie))
      expect(cleared.map((cookie) => cookie.split('=')[0])).toEqual([`${prefix}longgone`])
    }
  })

  it('sign-in, once finished, leaves no cookie of its own behind', async () => {
    const { browser } = await signInWithOkta(context)
    expect(await browser.cookieHeader(`${context.app.url}/`)).not.toContain('_signin_')
  })
})
