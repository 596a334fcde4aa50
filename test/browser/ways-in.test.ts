import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { accessibilityFaults, browserFound, launchBrowser, watch } from '../support/browser.ts'
import { type Stack, startStack } from '../support/stack.ts'

const email = 'employee@acme.example'

describe.skipIf(!browserFound())('ways in, in Chromium', () => {
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

  async function atOkta(page: Page) {
    await page.getByLabel('Username').fill(email)
    await page.getByLabel('Password').fill(stack.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
  }

  async function expectSignedIn(page: Page) {
    await page.waitForURL(`${stack.url}/`)
    await expect.poll(() => page.textContent('h1')).toBe('You are signed in')
  }

  it('tile, clicked on Okta’s dashboard, signs in with no click more', async () => {
    const page = await context.newPage()
    await page.goto(stack.sandbox.okta.issuer)
    await atOkta(page)
    await page.getByRole('link', { name: 'Express app' }).click()
    await expectSignedIn(page)
    expect(problems).toEqual([])
  })

  it('tile, as a form of Okta’s that posts, signs in with no click more', async () => {
    const page = await context.newPage()
    const okta = stack.sandbox.okta.issuer
    await page.goto(okta)
    await atOkta(page)
    await page.getByRole('link', { name: 'Express app' }).waitFor()
    await page.goto(`${okta}/.well-known/openid-configuration`)
    await page.setContent(
      `<form method="post" action="${stack.url}/sign-in"><input type="hidden" name="iss" value="${okta}"><button>Tile</button></form>`,
    )
    await page.getByRole('button').click()
    await expectSignedIn(page)
    expect(problems).toEqual([])
  })

  it('email, typed on the home page, leads straight to Okta under our own policy', async () => {
    const page = await context.newPage()
    await page.goto(stack.url)
    await page.getByLabel('Work email').fill(email)
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.waitForURL(`${stack.sandbox.okta.issuer}/**`)
    await atOkta(page)
    await expectSignedIn(page)
    // Once more, with Okta knowing: one form that is redirected through all of them, and back to us.
    await context.clearCookies({ name: 'session' })
    await page.goto(stack.url)
    await page.getByLabel('Work email').fill(email)
    await page.keyboard.press('Enter')
    await expectSignedIn(page)
    expect(problems).toEqual([])
  })

  it('sign-out, told of on the home page, leads on to end Okta’s session', async () => {
    const page = await context.newPage()
    await page.goto(`${stack.url}/sign-in/okta-acme`)
    await atOkta(page)
    await expectSignedIn(page)
    await page.getByRole('link', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'You are signed out' }).waitFor()
    await page.getByRole('link', { name: 'Sign out of Okta Acme too' }).click()
    await page.getByLabel('Username').waitFor()
    await page.goto(`${stack.url}/sign-in/okta-acme`)
    await page.getByLabel('Username').waitFor()
    expect(problems).toEqual([])
  })

  it('control room, left open, shows each hop as it comes', async () => {
    const [room, page] = [await context.newPage(), await context.newPage()]
    await room.goto(stack.sandbox.logto.endpoint)
    await room.bringToFront()
    const hop = `login_hint=nobody${stack.password}@elsewhere.example`
    await page.goto(`${stack.url}/sign-in?${hop}`)
    await room.bringToFront()
    await room.getByText(hop).first().waitFor()
    expect(problems).toEqual([])
  })

  describe.each([
    ['light', 1280],
    ['dark', 360],
  ] as const)('%s, %i pixels wide', (colorScheme, width) => {
    it.each(['en', 'ja'])('pages, in %s, give axe-core nothing to find and fit the width', async (locale) => {
      await context.close()
      context = await browser.newContext({ locale, colorScheme, viewport: { width, height: 800 } })
      const page = await context.newPage()
      const look = async () => {
        const where = page.url()
        expect(await accessibilityFaults(page), where).toEqual([])
        expect(await page.evaluate('document.documentElement.scrollWidth'), where).toBeLessThanOrEqual(width)
      }
      await page.goto(stack.url)
      await look()
      await page.goto(`${stack.url}/sign-in/nobody`)
      await look()
      await page.goto(stack.sandbox.okta.issuer)
      await look()
      await atOkta(page)
      await page.getByRole('link', { name: 'Express app' }).waitFor()
      await look()
      await page.getByRole('link', { name: 'Express app' }).click()
      await page.waitForURL(`${stack.url}/`)
      await page.goto(stack.sandbox.logto.endpoint)
      await page.getByText('/oidc/auth').first().waitFor()
      await look()
      await page.goto(`${stack.url}/sign-out`)
      await page.locator('.notice').waitFor()
      await look()
    })
  })
})
