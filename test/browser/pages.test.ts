import { describe, expect, it } from 'vitest'
import { browserFound } from '../support/browser.ts'
import { employee, inChromium } from '../support/in-chromium.ts'

describe.skipIf(!browserFound())('pages of a signed-in person', () => {
  const here = inChromium()

  it('person, through the navigation, gets to every page and sees where they are', async () => {
    const page = await here.signedIn()
    for (const name of ['Profile', 'Organizations', 'Sessions', 'Home']) {
      await page.getByRole('navigation').getByRole('link', { name }).click()
      await expect.poll(() => page.locator('[aria-current=page]').textContent(), { timeout: 3000 }).toBe(name)
    }
  })

  it('person, on the profile, reads how they signed in and every claim', async () => {
    const page = await here.signedIn()
    await page.goto(`${here.stack.url}/profile`)
    await page.getByText('Okta Acme (company account)').waitFor()
    for (const caption of ['ID token', 'Userinfo']) {
      await page.getByRole('table', { name: caption }).getByText(employee).first().waitFor()
    }
  })

  it('person, among their organizations, has the claims of a token shown', async () => {
    const page = await here.signedIn()
    await page.goto(`${here.stack.url}/organizations`)
    await page.getByRole('button', { name: 'Show token claims: Acme' }).click()
    const claims = page.getByRole('table', { name: 'Organization token' })
    await claims.getByText('urn:logto:organization:').waitFor()
    expect(page.url()).toBe(`${here.stack.url}/organizations`)
  })

  it('script, on a page, reads who is there and the notes', async () => {
    const page = await here.signedIn({ bypassCSP: true })
    expect(await page.evaluate(ask, '/api/me')).toMatchObject({
      status: 200,
      body: { claims: { email: employee } },
    })
    expect(await page.evaluate(ask, '/api/notes')).toMatchObject({ status: 200 })
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
    await page.getByRole('heading', { name: 'クレーム' }).waitFor()
    expect(page.url()).toBe(`${here.stack.url}/profile`)
    await page.getByRole('link', { name: 'セッション' }).click()
    await page.getByRole('heading', { level: 1, name: 'セッション' }).waitFor()
    await page.getByRole('button', { name: 'English' }).click()
    await page.getByRole('heading', { level: 1, name: 'Sessions' }).waitFor()
    expect(await page.getAttribute('html', 'lang')).toBe('en')
  })

  it('person, among their sessions, ends one of another browser and then this one', async () => {
    const [page, other] = [await here.signedIn(), await here.signedIn()]
    await page.goto(`${here.stack.url}/sessions`)
    const before = await page.locator('.cards > li').count()
    const theirs = page.locator('.cards > li', { hasNot: page.locator('.badge') }).first()
    await theirs.getByRole('button').click()
    await expect.poll(() => page.locator('.cards > li').count()).toBe(before - 1)
    await other.goto(here.stack.url)
    expect(await other.textContent('h1')).toBe('You are not signed in')
    const mine = page.locator('.cards > li', { has: page.locator('.badge') })
    await mine.getByRole('button').click()
    await page.waitForURL(`${here.stack.url}/`)
    expect(await page.textContent('h1')).toBe('You are not signed in')
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
    await page
      .locator('.cards > li', { has: page.locator('.badge') })
      .getByRole('button')
      .click()
    await page.waitForURL(`${here.stack.url}/`)
    expect(origins).toEqual(['null'])
    expect(await page.textContent('h1')).toBe('You are not signed in')
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
    await page.getByRole('link', { name: 'Sign out of Okta Acme too' }).waitFor()
    await page.getByRole('link', { name: 'Sign in as somebody else' }).click()
    await page.getByRole('heading', { name: 'Sign in to your account' }).waitFor()
  })
})

/** What a script gets for an address, in the page it runs in. */
async function ask(path: string): Promise<{ status: number; url: string; body: unknown }> {
  const response = await fetch(path)
  return { status: response.status, url: response.url, body: await response.json() }
}
