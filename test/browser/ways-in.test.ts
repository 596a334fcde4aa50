import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { readEmail } from '../../src/settings/values/email-domain.ts'
import { browserFound } from '../support/browser.ts'
import { employee, inChromium } from '../support/in-chromium.ts'
import { cookieName } from '../support/responses.ts'

describe.skipIf(!browserFound())('ways in, in Chromium', () => {
  const here = inChromium()

  async function expectSignedIn(page: Page) {
    await page.waitForURL(`${here.stack.url}/`)
    await expect.poll(() => page.getAttribute('body', 'data-signed-in')).toBe('true')
  }

  it('tile, as a form of Okta’s that posts, signs in with no click more', async () => {
    const page = await here.newPage()
    const okta = here.stack.sandbox.okta.issuer
    await page.goto(okta)
    await here.signInAtOkta(page)
    await page.getByRole('link', { name: 'Express app' }).waitFor()
    await page.goto(`${okta}/.well-known/openid-configuration`)
    await page.setContent(
      `<form method="post" action="${here.stack.url}/sign-in"><input type="hidden" name="iss" value="${okta}"><button>Tile</button></form>`,
    )
    await page.getByRole('button').click()
    await expectSignedIn(page)
  })

  it('email, typed on the home page, leads straight to Okta under our own policy', async () => {
    const { url, sandbox } = here.stack
    const page = await here.newPage()
    await page.goto(url)
    await page.getByLabel('Work email').fill(employee)
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.waitForURL(`${sandbox.okta.issuer}/**`)
    await here.signInAtOkta(page)
    await expectSignedIn(page)
    // Once more, with Okta knowing: one form that is redirected through all of them, and back to us.
    await page.context().clearCookies({ name: cookieName('session', url) })
    await page.goto(url)
    await page.getByLabel('Work email').fill(employee)
    await page.keyboard.press('Enter')
    await expectSignedIn(page)
  })

  it('email, in letters of other alphabets, has the domain that the same letters have in a link', async () => {
    const page = await here.newPage()
    await page.goto(here.stack.url)
    const field = page.getByLabel('Work email')
    const typed = [
      'erin@bücher.example',
      'erin@BÜCHER.Example',
      'erin@ＡＣＭＥ.example',
      ' erin@acme。example ',
    ]
    for (const letters of typed) {
      await field.fill('')
      await field.focus()
      await page.keyboard.insertText(letters)
      const sent = await field.inputValue()
      expect(readEmail(sent).domain, sent).toBe(readEmail(letters).domain)
      expect(sent).toMatch(/^[\x21-\x7e]+$/)
    }
  })
})
