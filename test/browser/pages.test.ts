import { describe, expect, it } from 'vitest'
import { browserFound } from '../support/browser.ts'
import { expectNoFaults, inChromium } from '../support/in-chromium.ts'

const paths = ['/profile', '/organizations', '/sessions']
const looks = (['light', 'dark'] as const).flatMap((colorScheme) =>
  (['en', 'ja'] as const).map((locale) => ({ colorScheme, locale })),
)

describe.skipIf(!browserFound())('pages of a signed-in person', () => {
  const here = inChromium()

  it.each(looks)(
    'pages, $colorScheme in $locale, have no fault axe can see, wide and narrow',
    async (look) => {
      const page = await here.signedIn(look)
      for (const path of paths) {
        await page.goto(here.stack.url + path)
        expect(await page.getAttribute('html', 'lang')).toBe(look.locale)
        if (path === '/organizations') {
          await page.locator('.cards button').click()
          await page.locator('.claims').waitFor()
        }
        for (const width of [1000, 360]) {
          await page.setViewportSize({ width, height: 800 })
          await expectNoFaults(page)
        }
      }
    },
  )

  it('person, through the navigation, gets to every page and sees where they are', async () => {
    const page = await here.signedIn()
    for (const name of ['Profile', 'Organizations', 'Sessions', 'Home']) {
      await page.getByRole('navigation').getByRole('link', { name }).click()
      await expect.poll(() => page.locator('[aria-current=page]').textContent(), { timeout: 3000 }).toBe(name)
    }
  })

  it('person, with two browsers, ends the other and then everything', async () => {
    const [page, other] = [await here.signedIn(), await here.signedIn()]
    const count = () => page.locator('.cards > li').count()
    await page.goto(`${here.stack.url}/sessions`)
    expect(await count()).toBeGreaterThan(1)
    await page.getByRole('button', { name: 'End all others' }).click()
    await expect.poll(count).toBe(1)
    await other.goto(here.stack.url)
    expect(await other.textContent('h1')).toBe('You are not signed in')
    await page.getByRole('button', { name: 'Sign out everywhere' }).click()
    await page.getByText('Your sessions in this app have ended in all browsers').waitFor()
    expect(await page.textContent('h1')).toBe('You are not signed in')
    await expectNoFaults(page)
    await page.getByRole('link', { name: 'Sign out of Okta Acme too' }).waitFor()
    await page.getByRole('link', { name: 'Sign in as somebody else' }).click()
    await page.getByRole('heading', { name: 'Sign in to your account' }).waitFor()
  })
})
