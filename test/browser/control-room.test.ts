import type { Page } from 'playwright-core'
import { afterEach, describe, expect, it } from 'vitest'
import { browserFound } from '../support/browser.ts'
import { employee, inChromium } from '../support/in-chromium.ts'
import { cookieName } from '../support/responses.ts'

describe.skipIf(!browserFound())('the control room in Chromium', () => {
  const here = inChromium()

  afterEach(() => here.stack.sandbox.control.clearFaults())

  /** The control room, and the app signed in, in two tabs of one browser. */
  async function twoTabs() {
    const app = await here.signedIn()
    await app.goto(`${here.stack.url}/profile`)
    const sid = (
      await app
        .locator('.claims tr', { hasText: /^\s*sid/ })
        .locator('td')
        .first()
        .textContent()
    )?.trim()
    const room = await app.context().newPage()
    await room.goto(here.stack.sandbox.logto.endpoint)
    await unfold(room)
    /** Presses a button, about this person or session where there are several; when it returns, it is done. */
    async function press(name: string | RegExp, about = room.locator('main')) {
      const done = room.waitForResponse((response) => response.request().method() === 'POST')
      await about.getByRole('button', { name }).click()
      await done
    }
    return { app, room, press, session: room.locator('li', { hasText: sid ?? 'no sid' }) }
  }

  /** Opens every section. */
  const unfold = (room: Page) =>
    room.evaluate("document.querySelectorAll('details').forEach((section) => (section.open = true))")

  async function expectSignedIn(page: Page, isSignedIn = true) {
    await page.goto(here.stack.url)
    expect(await page.getAttribute('body', 'data-signed-in')).toBe(String(isSignedIn))
  }
  const expectSignedOut = (page: Page) => expectSignedIn(page, false)

  it('faults, pressed one by one, are all in force, until all are cleared', async () => {
    const room = await here.newPage()
    await room.goto(here.stack.sandbox.logto.endpoint)
    // The map leads to a section that is folded, and unfolds it; and it stays so after each button.
    await room.locator('.map [href="#faults"]').click()
    for (const [button, fault] of [
      ['[action*=slow-tokens] button', 'delay'],
      ['[action*=fail-tokens] button', 'failure'],
      ['[action*=refuse-refresh] button', 'refresh'],
      ['[name=seconds][value="45"]', 'ahead'],
      ['[name=seconds][value="-45"]', 'behind'],
      ['[action*=outage] button', 'unavailable'],
    ] as const) {
      await room.locator(button).click()
      await room.locator(`[data-fault=${fault}]`).waitFor()
    }
    await room.locator('[action*=clear-faults] button').click()
    await room.locator('[data-no-fault]').waitFor()
  })

  it('app’s secret, expired, keeps everybody out, until it is good again', async () => {
    const { app, press } = await twoTabs()
    await press('Let the app’s secret expire')
    await app.goto(`${here.stack.url}/sign-in/okta-acme`)
    await app.getByRole('link', { name: 'Try again' }).waitFor()
    await press('Make the app’s secret valid again')
    await app.goto(`${here.stack.url}/sign-in/okta-acme`)
    await app.waitForURL(`${here.stack.url}/`)
    await expectSignedIn(app)
  })

  it('token requests, made to fail, break a sign-in off, which goes on in the same way once fixed', async () => {
    const { app, room, press } = await twoTabs()
    await press('Fail token requests')
    await room.locator('[data-fault=failure]').waitFor()
    await app.goto(`${here.stack.url}/sign-in/okta-acme?return_to=/sessions`)
    await app.locator('[data-error]').waitFor()
    await press('Clear all faults')
    await room.locator('[data-no-fault]').waitFor()
    await app.getByRole('link', { name: 'Try again' }).click()
    await app.waitForURL(`${here.stack.url}/sessions`)
    await expectSignedIn(app)
  })

  it('Logto, gone out, shows nobody its sign-in page, and keeps nobody from the app', async () => {
    const { app, room, press } = await twoTabs()
    await press('Answer 503 to everything')
    await room.locator('[data-fault=unavailable]').waitFor()
    await expectSignedIn(app)
    expect((await app.goto(`${here.stack.url}/sign-in?prompt=login`))?.status()).toBe(503)
  })

  it('keys, rotated, keep nobody from signing in', async () => {
    const { app, press } = await twoTabs()
    await press(/^Rotate the keys$/)
    await app.context().clearCookies({ name: cookieName('session', here.stack.url) })
    await app.goto(`${here.stack.url}/sign-in/okta-acme`)
    await app.waitForURL(`${here.stack.url}/`)
    await expectSignedIn(app)
  })

  it('person, suspended, is signed out, and once no longer so gets in again', async () => {
    const { app, room, press } = await twoTabs()
    await press(`Suspend ${employee}`)
    await room.getByRole('button', { name: `Unsuspend ${employee}` }).waitFor()
    await expectSignedOut(app)
    await press(`Unsuspend ${employee}`)
    await room.getByRole('button', { name: `Suspend ${employee}`, exact: true }).waitFor()
    await app.goto(`${here.stack.url}/sign-in/okta-acme`)
    await app.waitForURL(`${here.stack.url}/`)
    await expectSignedIn(app)
  })

  it('person, deleted, is signed out', async () => {
    const { app, room, press } = await twoTabs()
    await press(`Delete ${employee}`)
    await room.getByRole('button', { name: `Delete ${employee}` }).waitFor({ state: 'detached' })
    await expectSignedOut(app)
  })

  it('logout token, of one session, ends that one, and a forged one none', async () => {
    const [one, other] = [await twoTabs(), await twoTabs()]
    await one.session.getByLabel('Logout token').selectOption('nonce')
    await one.press('Send for this session (sid)', one.session)
    await one.room.getByText('/backchannel-logout 400').first().waitFor()
    await expectSignedIn(one.app)
    await one.press('Send for this session (sid)', one.session)
    await one.room.getByText('/backchannel-logout 200').first().waitFor()
    await expectSignedOut(one.app)
    await expectSignedIn(other.app)
  })

  it('logout token, of the person, ends all their sessions', async () => {
    const { tenant, logto } = here.stack.sandbox
    const metadata = tenant.applications.find(({ id }) => id === logto.appId)?.oidcClientMetadata ?? {}
    const [one, other] = [await twoTabs(), await twoTabs()]
    Object.assign(metadata, { backchannelLogoutSessionRequired: false })
    await one.room.reload()
    await unfold(one.room)
    await one.press('Send for the person (sub)', one.session)
    Object.assign(metadata, { backchannelLogoutSessionRequired: true })
    await one.room.getByText('/backchannel-logout 200').first().waitFor()
    for (const { app } of [one, other]) await expectSignedOut(app)
  })

  it('session, ended at Logto alone, lives on here, and Logto asks the next time', async () => {
    const { app, press, session } = await twoTabs()
    await press('End at Logto alone', session)
    await session.waitFor({ state: 'detached' })
    await expectSignedIn(app)
    await app.goto(`${here.stack.url}/sign-in`)
    await app.getByRole('heading', { name: 'Sign in to your account' }).waitFor()
  })

  it('control room, left open, shows each call as it comes, and who is there', async () => {
    const room = await here.newPage()
    const page = await room.context().newPage()
    await room.goto(here.stack.sandbox.logto.endpoint)
    const hop = `login_hint=nobody${here.stack.password}@elsewhere.example`
    await page.goto(`${here.stack.url}/sign-in?${hop}`)
    await room.bringToFront()
    await room.getByText(hop).first().waitFor()
    await here.signedIn()
    await room.locator('#people-count:not(:empty)').waitFor()
    // Only what is new is put in place: what was unfolded stays so.
    await room.locator('summary', { hasText: 'Okta accounts' }).click()
    await page.goto(`${here.stack.url}/sign-in?${hop}&prompt=login`)
    await room.bringToFront()
    await room.getByText('prompt=login').first().waitFor()
    expect(await room.locator('#directory').isVisible()).toBe(true)
  })

  it('form, of another site, is refused by what the browser itself tells', async () => {
    const { okta, logto } = here.stack.sandbox
    const page = await here.newPage()
    await page.goto(`${okta.issuer}/.well-known/openid-configuration`)
    await page.setContent(
      `<form method="post" action="${logto.endpoint}/control/outage"><button>Win</button></form>`,
    )
    await page.getByRole('button').click()
    await page.locator('.control-room h1').waitFor()
    expect((await fetch(`${logto.endpoint}/api/status`)).status).toBe(204)
  })
})
