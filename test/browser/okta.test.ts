import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { browserFound } from '../support/browser.ts'
import { employee, inChromium } from '../support/in-chromium.ts'

describe.skipIf(!browserFound())('in Chromium', () => {
  const here = inChromium()

  /** From Logto's sign-in page to back in the app. */
  async function throughOkta(page: Page) {
    await page.getByRole('link', { name: 'Single Sign-On' }).click()
    await page.getByLabel('Email').fill(employee)
    await page.getByRole('button', { name: 'Single Sign-On' }).click()
    if (page.url().startsWith(here.stack.sandbox.okta.issuer)) await here.signInAtOkta(page)
  }

  it('browser, sign-in and sign-out through Okta, work under our own policy', async () => {
    const { url } = here.stack
    const page = await here.newPage()
    await page.goto(url)
    await page.locator('main a[href$="/sign-in"]').click()
    await throughOkta(page)
    await page.waitForURL(`${url}/`)
    await expect.poll(() => page.getAttribute('body', 'data-signed-in')).toBe('true')
    await here.signOut(page)
    await page.waitForURL(`${url}/`)
    await expect.poll(() => page.getAttribute('body', 'data-signed-in')).toBe('false')
  })
})
