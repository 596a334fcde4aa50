import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { accessibilityFaults, launchBrowser, watch } from './browser.ts'
import { type Stack, startStack } from './stack.ts'

/** Of the sandbox's company, and assigned to the app. */
export const employee = 'employee@acme.example'

/** What the tests of one file share: the app with its sandbox, and Chromium. */
export interface InChromium {
  /** The app and its sandbox, once tests run. */
  readonly stack: Stack
  /**
   * A page in a browser profile of its own, which is gone after the test. What its pages should never do fails the test.
   *
   * @param options such as `locale`, `colorScheme` or `javaScriptEnabled`; English unless told otherwise
   */
  newPage: (options?: BrowserContextOptions) => Promise<Page>
  /** Fills in Okta's sign-in page; the employee unless told otherwise. */
  signInAtOkta: (page: Page, username?: string) => Promise<void>
  /** Signs out by the menu in the header. */
  signOut: (page: Page) => Promise<void>
  /** A page of somebody who came in by the company's link, on the home page. */
  signedIn: (options?: BrowserContextOptions) => Promise<Page>
}

/**
 * Starts the app, the sandbox and Chromium for the tests around the call, and ends them afterwards.
 *
 * @param options whether there are companies with other providers, too
 */
export function inChromium(options: { companies?: boolean } = {}): InChromium {
  let stack: Stack
  let browser: Browser
  const open: Array<{ context: BrowserContext; problems: string[] }> = []

  beforeAll(async () => {
    ;[stack, browser] = await Promise.all([startStack({}, options), launchBrowser()])
  })
  afterAll(async () => {
    await browser?.close()
    await stack?.close()
  })
  afterEach(async () => {
    const closed = open.splice(0)
    await Promise.all(closed.map(({ context }) => context.close()))
    expect(closed.flatMap(({ problems }) => problems)).toEqual([])
  })

  async function newPage(options: BrowserContextOptions = {}) {
    const context = await browser.newContext({ locale: 'en', ...options })
    open.push({ context, ...watch(context) })
    return context.newPage()
  }
  async function signInAtOkta(page: Page, username = employee) {
    await page.locator('[name=username]').fill(username)
    await page.locator('[name=password]').fill(stack.password)
    await page.locator('main button').click()
  }
  async function signOut(page: Page) {
    await page.locator('[popovertarget=account]').click()
    await page.locator('#account a[href$="/sign-out"]').click()
  }
  async function signedIn(options?: BrowserContextOptions) {
    const page = await newPage(options)
    await page.goto(`${stack.url}/sign-in/okta-acme`)
    await signInAtOkta(page)
    await page.waitForURL(`${stack.url}/`)
    return page
  }

  return {
    get stack() {
      return stack
    },
    newPage,
    signInAtOkta,
    signOut,
    signedIn,
  }
}

/** Has axe-core find nothing on a page as it is, and nothing stick out of it. */
export async function expectNoFaults(page: Page): Promise<void> {
  const where = page.url()
  expect(await accessibilityFaults(page), where).toEqual([])
  expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), where).toBeLessThanOrEqual(
    0,
  )
}
