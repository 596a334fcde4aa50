import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { browserFound } from '../support/browser.ts'
import { inChromium } from '../support/in-chromium.ts'

describe.skipIf(!browserFound())('pages of a signed-in person', () => {
  const here = inChromium()

  it('person, through the navigation, gets to every page and sees where they are', async () => {
    const page = await here.signedIn()
    for (const name of ['Profile', 'Organizations', 'Sessions', 'Home']) {
      await page.getByRole('navigation').getByRole('link', { name }).click()
      await expect.poll(() => page.locator('[aria-current=page]').textContent(), { timeout: 3000 }).toBe(name)
    }
  })

  it('person, far from here, reads times of their own zone, and without scripts in UTC', async () => {
    const times = async (options: { timezoneId: string; javaScriptEnabled?: boolean }) => {
      const page = await here.signedIn(options)
      await page.goto(`${here.stack.url}/sessions`)
      const time = page.locator('[data-device] time').last()
      return { at: new Date((await time.getAttribute('datetime')) ?? ''), said: await time.textContent() }
    }
    const written = (at: Date, timeZone: string) =>
      new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short', timeZone }).format(at)
    for (const timezoneId of ['Asia/Kathmandu', 'America/St_Johns']) {
      const { at, said } = await times({ timezoneId })
      expect(said?.replace(/\s/g, ' ')).toBe(written(at, timezoneId).replace(/\s/g, ' '))
    }
    const { at, said } = await times({ timezoneId: 'Asia/Kathmandu', javaScriptEnabled: false })
    expect(said).toBe(`${written(at, 'UTC')} UTC`)
  })

  it.each(['/api/me', '/api/notes'])(
    'script, of a stranger’s page that asks %s, gets a 401 in JSON and begins nothing',
    async (path) => {
      const page = await here.newPage({ bypassCSP: true })
      await page.goto(here.stack.url)
      const answer = await page.evaluate(ask, path)
      expect(answer).toMatchObject({ status: 401, body: { error: { code: 'not_signed_in' } } })
      expect(answer.url).toBe(here.stack.url + path) // led nowhere
      expect(await page.context().cookies()).toEqual([])
    },
  )

  it('person, on any page, reads on in the language they choose, there and everywhere', async () => {
    const page = await here.signedIn()
    await page.goto(`${here.stack.url}/profile`)
    await page.getByRole('button', { name: '日本語' }).click()
    await page.locator('summary', { hasText: 'クレーム' }).waitFor()
    expect(page.url()).toBe(`${here.stack.url}/profile`)
    await page.getByRole('navigation').getByRole('link', { name: 'セッション' }).click()
    await page.getByRole('heading', { level: 1, name: 'セッション' }).waitFor()
    await page.getByRole('button', { name: 'English' }).click()
    await page.getByRole('heading', { level: 1, name: 'Sessions' }).waitFor()
    expect(await page.getAttribute('html', 'lang')).toBe('en')
  })

  it('person, among their sessions, ends one of another browser and then this one', async () => {
    const [page, other] = [await here.signedIn(), await here.signedIn()]
    await page.goto(`${here.stack.url}/sessions`)
    const sessions = page.locator('[data-session]')
    const before = await sessions.count()
    await page.locator('.cards summary').first().click()
    await page.locator('[data-session]:not([data-this])').first().getByRole('button').click()
    await expect.poll(() => sessions.count()).toBe(before - 1)
    await other.goto(here.stack.url)
    expect(await other.getAttribute('body', 'data-signed-in')).toBe('false')
    await endThis(page)
    await page.waitForURL(`${here.stack.url}/`)
    expect(await page.getAttribute('body', 'data-signed-in')).toBe('false')
  })

  it('person, behind a proxy that adds Referrer-Policy: no-referrer, uses the forms all the same', async () => {
    const page = await here.signedIn()
    const origins: Array<string | undefined> = []
    page.on('request', async (request) => {
      if (request.method() === 'POST') origins.push((await request.headerValue('origin')) ?? undefined)
    })
    await page.route(`${here.stack.url}/sessions`, async (route) => {
      const response = await route.fetch()
      await route.fulfill({
        response,
        headers: { ...response.headers(), 'referrer-policy': 'no-referrer' },
      })
    })
    await page.goto(`${here.stack.url}/sessions`)
    await endThis(page)
    await page.waitForURL(`${here.stack.url}/`)
    expect(origins).toEqual(['null'])
    expect(await page.getAttribute('body', 'data-signed-in')).toBe('false')
  })
})

/** Ends the session that asks, which may be one of several of its device. */
async function endThis(page: Page): Promise<void> {
  const fold = page.locator('.cards summary').first()
  if ((await fold.count()) > 0) await fold.click()
  await page.locator('[data-session][data-this]').getByRole('button').click()
}

/** What a script gets for an address, in the page it runs in. */
async function ask(path: string): Promise<{ status: number; url: string; body: unknown }> {
  const response = await fetch(path)
  return { status: response.status, url: response.url, body: await response.json() }
}
