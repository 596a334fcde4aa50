import { describe, expect, it } from 'vitest'
import type { Company } from '../../src/sandbox/index.ts'
import { browserFound } from '../support/browser.ts'
import { inChromium } from '../support/in-chromium.ts'

describe.skipIf(!browserFound())('companies with other providers, in Chromium', () => {
  const here = inChromium({ companies: true })
  const company = (look: Company['look']) => {
    const found = here.stack.sandbox.companies.find((each) => each.look === look)
    if (!found) throw new Error(`no company has ${look}`)
    return found
  }

  it.each(['entra', 'openid', 'saml'] as const)(
    'person, by %s, is found on the first page, signs in with two clicks, and out again',
    async (look) => {
      const { url, account } = company(look)
      const page = await here.newPage()
      await page.goto(here.stack.url)
      await page.getByRole('link', { name: account.email }).click()
      await page.waitForURL(`${url}/**`)
      await page.locator(`[data-account="${account.email}"]`).click()
      await page.locator('main button').click()
      await page.waitForURL(`${here.stack.url}/`)
      await expect.poll(() => page.getAttribute('body', 'data-signed-in')).toBe('true')
      await here.signOut(page)
      await expect.poll(() => page.getAttribute('body', 'data-signed-in')).toBe('false')
    },
  )

  it('person, from the page of their SAML provider, is in the app at once', async () => {
    const { url, account } = company('saml')
    const page = await here.newPage()
    await page.goto(here.stack.sandbox.logto.endpoint)
    await page.locator('summary', { has: page.locator('#other_companies-title') }).click()
    await page.locator('[data-company=saml] a').first().click()
    await page.waitForURL(`${url}/`)
    await page.locator('a[href="/start"]').click()
    await page.locator(`[data-account="${account.email}"]`).click()
    await page.locator('main button').click()
    await page.waitForURL(`${here.stack.url}/`)
    expect(await page.getAttribute('body', 'data-signed-in')).toBe('true')
  })

  it('person, by SAML and without script, goes on by a button', async () => {
    const { account } = company('saml')
    const page = await here.newPage({ javaScriptEnabled: false })
    await page.goto(`${here.stack.url}/sign-in/soylent`)
    await here.signInAtOkta(page, account.email)
    await page.locator('form:has([name=SAMLResponse]) button').click()
    await page.waitForURL(`${here.stack.url}/`)
    expect(await page.getAttribute('body', 'data-signed-in')).toBe('true')
  })
})
