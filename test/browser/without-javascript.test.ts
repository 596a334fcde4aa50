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
    await heading('You are signed in')

    await page.getByRole('button', { name: '日本語' }).click()
    await heading('サインインしています')
    await page.getByRole('link', { name: 'プロフィール' }).first().click()
    await page.getByRole('heading', { name: 'クレーム' }).waitFor()
    await page.getByRole('button', { name: 'English' }).click()
    await page.getByRole('heading', { name: 'Claims' }).waitFor()
    expect(page.url()).toBe(`${url}/profile`)

    await page.getByRole('link', { name: 'Organizations' }).click()
    await page.getByRole('button', { name: 'Show token claims: Acme' }).click()
    await page.getByRole('table', { name: 'Organization token' }).waitFor()

    await page.getByRole('link', { name: 'Sessions' }).click()
    const cards = page.locator('.cards > li')
    expect(await cards.count()).toBe(2)
    await cards.last().getByRole('button').click()
    await expect.poll(() => cards.count()).toBe(1)
    await other.goto(url)
    expect(await other.textContent('h1')).toBe('You are not signed in')
    await page.getByRole('button', { name: 'Sign out everywhere' }).click()
    await page.getByRole('button', { name: 'Sign out' }).click() // Logto's, which its script would press
    await page.getByText('Your sessions in this app have ended in all browsers').waitFor()

    await page.getByRole('link', { name: 'Sign in as somebody else' }).click()
    await page.getByRole('link', { name: 'Create account' }).click()
    await page.getByLabel('Username').fill('scriptless')
    await page.getByLabel('Password').fill('Long-enough-1!')
    await page.getByRole('button', { name: 'Create account' }).click()
    await page.getByText('Welcome, scriptless.').waitFor()
    await page.getByRole('link', { name: 'Sign out' }).click()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'You are signed out' }).waitFor()
  })

  it('person, from Okta’s dashboard by the tile and out of both again, needs no script', async () => {
    const { url, sandbox } = here.stack
    const page = await here.newPage(scriptless)
    await page.goto(sandbox.okta.issuer)
    await here.signInAtOkta(page)
    await page.getByRole('link', { name: 'Express app' }).click()
    await page.getByRole('heading', { name: 'You are signed in' }).waitFor()
    await page.getByRole('link', { name: 'Sign out' }).click()
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
