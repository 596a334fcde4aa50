import { afterEach, describe, expect, it } from 'vitest'
import { browserFound } from '../support/browser.ts'
import { inChromium } from '../support/in-chromium.ts'

describe.skipIf(!browserFound())('the control room in Chromium', () => {
  const here = inChromium()

  afterEach(() => here.stack.sandbox.control.clearFaults())

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
