import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessibilityFaults, browserFound, launchBrowser, watch } from '../support/browser.ts'
import { type Stack, startStack } from '../support/stack.ts'

const email = 'employee@acme.example'
const paths = ['/profile', '/organizations', '/sessions']
const looks = (['light', 'dark'] as const).flatMap((colorScheme) =>
  (['en', 'ja'] as const).map((locale) => ({ colorScheme, locale })),
)

describe.skipIf(!browserFound())('pages of a signed-in person', () => {
  let stack: Stack
  let browser: Browser

  beforeAll(async () => {
    ;[stack, browser] = await Promise.all([startStack(), launchBrowser()])
  })
  afterAll(async () => {
    await browser?.close()
    await stack?.close()
  })

  async function signedIn(options: Parameters<Browser['newContext']>[0] = {}) {
    const context = await browser.newContext(options)
    const { problems } = watch(context)
    const page = await context.newPage()
    const connector = stack.sandbox.tenant.ssoConnectors[0]?.id
    await page.goto(`${stack.url}/sign-in?direct_sign_in=sso:${connector}`)
    await page.locator('[name=username]').fill(email)
    await page.locator('[name=password]').fill(stack.password)
    await page.locator('form button').first().click()
    await page.waitForURL(`${stack.url}/`)
    return { context, page, problems }
  }

  const isTooWide = (page: Page) => page.evaluate('document.documentElement.scrollWidth > innerWidth')

  it.each(looks)(
    'pages, $colorScheme in $locale, have no fault axe can see, wide and narrow',
    async (look) => {
      const { context, page, problems } = await signedIn(look)
      for (const path of paths) {
        await page.goto(stack.url + path)
        expect(await page.getAttribute('html', 'lang')).toBe(look.locale)
        if (path === '/organizations') await page.locator('.cards button').click()
        for (const width of [1000, 360]) {
          await page.setViewportSize({ width, height: 800 })
          expect(await accessibilityFaults(page), `${path} at ${width}`).toEqual([])
          expect(await isTooWide(page), `${path} at ${width}`).toBe(false)
        }
      }
      expect(problems).toEqual([])
      await context.close()
    },
  )

  it('person, through the navigation, gets to every page and sees where they are', async () => {
    const { context, page, problems } = await signedIn()
    for (const name of ['Profile', 'Organizations', 'Sessions', 'Home']) {
      await page.getByRole('navigation').getByRole('link', { name }).click()
      await expect.poll(() => page.locator('[aria-current=page]').textContent(), { timeout: 3000 }).toBe(name)
    }
    expect(problems).toEqual([])
    await context.close()
  })

  it('person, with two browsers, ends the other and then everything', async () => {
    const here = await signedIn()
    const there = await signedIn()
    const count = () => here.page.locator('.cards > li').count()
    await here.page.goto(`${stack.url}/sessions`)
    expect(await count()).toBeGreaterThan(1)
    await here.page.getByRole('button', { name: 'End all others' }).click()
    await expect.poll(count).toBe(1)
    await there.page.goto(stack.url)
    expect(await there.page.textContent('h1')).toBe('You are not signed in')
    await here.page.getByRole('button', { name: 'Sign out everywhere' }).click()
    await here.page.waitForURL(`${stack.url}/`)
    await expect.poll(() => here.page.textContent('h1')).toBe('You are not signed in')
    expect([...here.problems, ...there.problems]).toEqual([])
    await Promise.all([here.context.close(), there.context.close()])
  })
})
