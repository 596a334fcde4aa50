import { describe, expect, it } from 'vitest'
import { UserAgent } from '../support/user-agent.ts'
import { sandboxForTests, signOutUrl, signUp } from './support.ts'

const context = sandboxForTests()

interface Account {
  username: string
  password: string
}

/** A tab that has come as far as the consent page and waits before it: the address of that page. */
async function waitsAtConsent(tab: UserAgent, account?: Account): Promise<string> {
  let response = await tab.request(await context.app.signInUrl())
  for (;;) {
    const location = new URL(response.headers.get('location') ?? '', context.sandbox.logto.endpoint)
    if (location.pathname === '/consent') return location.href
    const form = location.pathname === '/sign-in' && account
    response = await tab.request(
      location.href,
      form ? { method: 'POST', body: new URLSearchParams({ ...account }) } : {},
    )
  }
}

/** Signs another account in where one is signed in, which ends the first. */
async function switchTo(tab: UserAgent, { username, password }: Account) {
  await tab.open(await context.app.signInUrl({ prompt: 'login consent' }))
  await tab.submit({ username, password })
  const page = await tab.submit()
  expect((await context.app.exchange(page.url)).claims()?.username).toBe(username)
}

describe('a tab that waits before the consent page', () => {
  it('tab of a signed-in browser, after another tab switched accounts, signs nobody in', async () => {
    const { browser } = await signUp(context)
    const bob = await signUp(context)
    const consent = await waitsAtConsent(browser)
    await switchTo(browser.newTab(), bob)
    const page = await browser.open(consent)
    expect(page.text).toContain('Session not found')
  })

  it('tab that has just taken the password, after signing out in another, signs nobody in', async () => {
    const { username, password } = await signUp(context)
    const browser = new UserAgent()
    const consent = await waitsAtConsent(browser, { username, password })
    const other = browser.newTab()
    await other.open(signOutUrl(context))
    await other.submit()
    const page = await browser.open(consent)
    expect(page.text).toContain('Session not found')
    expect((await browser.open(await context.app.signInUrl())).text).toContain('Sign in to your account')
  })

  it('tab that has just taken the password, after another tab switched accounts, signs nobody in', async () => {
    const { username, password } = await signUp(context)
    const bob = await signUp(context)
    const browser = new UserAgent()
    const consent = await waitsAtConsent(browser, { username, password })
    await switchTo(browser.newTab(), bob)
    expect((await browser.open(consent)).text).toContain('Session not found')
  })

  it('tab that waits and nothing more, goes on as who it was', async () => {
    const { username, password } = await signUp(context)
    const browser = new UserAgent()
    const page = await browser.open(await waitsAtConsent(browser, { username, password }))
    expect((await context.app.exchange(page.url)).claims()?.username).toBe(username)
  })
})
