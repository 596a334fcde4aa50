import { describe, expect, it } from 'vitest'
import { browserFound } from '../support/browser.ts'
import { employee, inChromium } from '../support/in-chromium.ts'

describe.skipIf(!browserFound())('without JavaScript, in Chromium', () => {
  const here = inChromium()
  const scriptless = { javaScriptEnabled: false }

  it('person, from the home page through Okta to every page and out again, needs no script', async () => {
    const { url } = here.stack
    const other = await here.signedIn()
    const page = await here.newPage(scriptless)
    const heading = (name: string) => page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
    await page.goto(url)
    await page.getByLabel('Work email').fill(employee)
    await page.getByRole('button', { name: 'Continue' }).click()
    await here.signInAtOkta(page)
    await heading('Welcome, Erin Moore')

    await page.getByRole('button', { name: '日本語' }).click()
    await heading('ようこそ、Erin Moore さん')
    await page.getByRole('link', { name: 'プロフィール' }).first().click()
    await page.locator('summary', { hasText: 'クレーム' }).waitFor()
    await page.getByRole('button', { name: 'English' }).click()
    await page.locator('summary', { hasText: 'Claims' }).waitFor()
    expect(page.url()).toBe(`${url}/profile`)

    await page.getByRole('link', { name: 'Organizations' }).click()
    await page.getByRole('button', { name: 'Show token claims: Acme' }).click()
    await page.getByRole('table', { name: 'Organization token' }).waitFor()

    await page.getByRole('link', { name: 'Sessions' }).click()
    const sessions = page.locator('[data-session]')
    expect(await sessions.count()).toBe(2)
    await page.locator('.cards summary').click()
    await page.locator('[data-session]:not([data-this])').getByRole('button').click()
    await expect.poll(() => sessions.count()).toBe(1)
    await other.goto(url)
    expect(await other.getAttribute('body', 'data-signed-in')).toBe('false')
    await page.getByRole('button', { name: 'Sign out everywhere' }).click()
    await page.getByRole('button', { name: 'Sign out' }).click() // Logto's, which its script would press
    await page.locator('[data-ended~=everywhere]').waitFor()

    await page.getByRole('link', { name: 'Sign in as somebody else' }).click()
    await page.getByRole('link', { name: 'Create account' }).click()
    await page.getByLabel('Username').fill('scriptless')
    await page.getByLabel('Password').fill('Long-enough-1!')
    await page.getByRole('button', { name: 'Create account' }).click()
    await heading('Welcome, scriptless')
    await here.signOut(page)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.locator('[data-notice=signed-out]').waitFor()
  })

  it('person, from Okta’s dashboard by the tile and out of both again, needs no script', async () => {
    const { url, sandbox } = here.stack
    const page = await here.newPage(scriptless)
    const heading = (name: string) => page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
    await page.goto(sandbox.okta.issuer)
    await here.signInAtOkta(page)
    await page.getByRole('link', { name: 'Express app' }).click()
    await heading('Welcome, Erin Moore')
    await here.signOut(page)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('link', { name: 'Sign out of Okta Acme too' }).click()
    await page.getByLabel('Username').waitFor()
    await page.goto(`${url}/sign-in/okta-acme`)
    await page.getByLabel('Username').waitFor()
  })

  it('person, sent to sign out by another site and refused by Okta, finds every way on', async () => {
    const { url, sandbox } = here.stack
    const page = await here.newPage(scriptless)
    await page.goto(`${sandbox.okta.issuer}/.well-known/openid-configuration`)
    await page.setContent(`<a href="${url}/sign-out">Win</a>`)
    await page.getByRole('link').click()
    await page.getByRole('heading', { name: 'Sign out?' }).waitFor()
    await page.getByRole('link', { name: 'Stay signed in' }).click()
    await page.goto(`${url}/sign-in/okta-acme?return_to=/profile`)
    await here.signInAtOkta(page, 'contractor@acme.example')
    await page.getByRole('status').waitFor()
    await page.goto(`${sandbox.okta.issuer}/login/signout`)
    await page.goto(`${url}/sign-in/okta-acme?return_to=/profile`)
    await here.signInAtOkta(page)
    await page.waitForURL(`${url}/profile`)
  })

  it('control room, its buttons pressed, does what they say without its script', async () => {
    const page = await here.newPage(scriptless)
    await page.goto(here.stack.sandbox.logto.endpoint)
    await page.locator('.map [href="#faults"]').click()
    await page.locator('[action*=outage] button').click()
    await page.locator('[data-fault=unavailable]').waitFor()
    await page.locator('[action*=clear-faults] button').click()
    await page.locator('[data-no-fault]').waitFor()
    await page.getByRole('link', { name: 'Reload this page' }).click()
    await page.locator('.calls, #calls p').first().waitFor()
  })
})
