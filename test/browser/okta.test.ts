import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { accessibilityFaults, browserFound, launchBrowser, watch } from '../support/browser.ts'
import { type Stack, startStack } from '../support/stack.ts'

const email = 'employee@acme.example'

describe.skipIf(!browserFound())('in Chromium', () => {
  let stack: Stack
  let browser: Browser
  let context: BrowserContext
  let problems: string[]

  beforeAll(async () => {
    ;[stack, browser] = await Promise.all([startStack(), launchBrowser()])
  })
  afterAll(async () => {
    await browser?.close()
    await stack?.close()
  })
  beforeEach(async () => {
    context = await browser.newContext()
    problems = watch(context).problems
  })
  afterEach(async () => {
    await context.close()
  })

  /** From Logto's sign-in page to back in the app. */
  async function throughOkta(page: Page) {
    await page.getByRole('link', { name: 'Single Sign-On' }).click()
    await page.getByLabel('Email').fill(email)
    await page.getByRole('button', { name: 'Single Sign-On' }).click()
    if (page.url().startsWith(stack.sandbox.okta.issuer)) {
      await page.getByLabel('Username').fill(email)
      await page.getByLabel('Password').fill(stack.password)
      await page.getByRole('button', { name: 'Sign in' }).click()
    }
  }

  it('browser, sign-in and sign-out through Okta, work under our own policy', async () => {
    const page = await context.newPage()
    await page.goto(stack.url)
    await page.getByRole('link', { name: 'Sign in' }).click()
    await throughOkta(page)
    await page.waitForURL(`${stack.url}/`)
    await expect.poll(() => page.textContent('h1')).toBe('You are signed in')
    await page.getByRole('link', { name: 'Sign out' }).click()
    await page.waitForURL(`${stack.url}/`)
    await expect.poll(() => page.textContent('h1')).toBe('You are not signed in')
    expect(problems).toEqual([])
  })

  it('browser, a link to sign out on another site, asks and then signs out', async () => {
    const page = await context.newPage()
    await page.goto(`${stack.url}/sign-in`)
    await throughOkta(page)
    await page.waitForURL(`${stack.url}/`)
    await page.goto(`${stack.sandbox.okta.issuer}/.well-known/openid-configuration`)
    await page.evaluate(`location.assign(${JSON.stringify(`${stack.url}/sign-out`)})`)
    await page.getByRole('heading', { name: 'Sign out?' }).waitFor()
    expect(await accessibilityFaults(page)).toEqual([])
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.waitForURL(`${stack.url}/`)
    await expect.poll(() => page.textContent('h1')).toBe('You are not signed in')
    expect(problems).toEqual([])
  })

  it('browser, three tabs begun at the same instant, end each at its own place', async () => {
    const tabs = await Promise.all([0, 1, 2].map(() => context.newPage()))
    await Promise.all(
      tabs.map((tab, number) =>
        tab.goto(`${stack.url}/sign-in?return_to=${encodeURIComponent(`/?tab=${number}`)}`),
      ),
    )
    for (const [number, tab] of [...tabs.entries()].reverse()) {
      await tab.bringToFront() // a tab in the background is drawn once a second
      await throughOkta(tab)
      await tab.waitForURL(`${stack.url}/?tab=${number}`)
      expect(await tab.textContent('h1')).toBe('You are signed in')
    }
    expect(problems).toEqual([])
  })

  it('browser, the callback visited again after signing in, leads home and not to an error', async () => {
    const page = await context.newPage()
    const callback = page.waitForRequest((request) => request.url().includes('/callback?'))
    await page.goto(`${stack.url}/sign-in`)
    await throughOkta(page)
    await page.waitForURL(`${stack.url}/`)
    await page.goto((await callback).url())
    expect(page.url()).toBe(`${stack.url}/`)
    expect(await page.textContent('h1')).toBe('You are signed in')
    expect(problems).toEqual([])
  })

  describe.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 360],
    ['dark', 360],
  ] as const)('%s, %i pixels wide', (colorScheme, width) => {
    it('pages, ours and the sandbox’s, give axe-core nothing to find and fit the width', async () => {
      const page = await context.newPage()
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height: 800 })
      const look = async () => {
        const where = page.url()
        expect(await accessibilityFaults(page), where).toEqual([])
        expect(await page.evaluate('document.documentElement.scrollWidth'), where).toBeLessThanOrEqual(width)
      }
      for (const path of [
        '/',
        '/nowhere',
        '/callback?state=x',
        '/sign-up',
        '/sign-in?first_screen=single_sign_on',
      ]) {
        await page.goto(stack.url + path)
        await look()
      }
      await page.goto(`${stack.url}/sign-in`)
      await look()
      await page.getByRole('link', { name: 'Single Sign-On' }).click()
      await page.getByLabel('Email').fill(email)
      await page.getByRole('button', { name: 'Single Sign-On' }).click()
      await look()
      await page.getByLabel('Username').fill(email)
      await page.getByLabel('Password').fill('wrong')
      await page.getByRole('button', { name: 'Sign in' }).click()
      await look()
      await page.getByLabel('Password').fill(stack.password)
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.waitForURL(`${stack.url}/`)
      await look()
    })
  })
})
