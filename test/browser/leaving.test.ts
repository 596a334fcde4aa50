import { beforeAll, describe, expect, it } from 'vitest'
import { browserFound } from '../support/browser.ts'
import { employee, expectNoFaults, inChromium } from '../support/in-chromium.ts'

describe.skipIf(!browserFound())('deactivated at Okta, out here', () => {
  const here = inChromium()
  beforeAll(() => here.stack.sandbox.appIsThere())

  it('employee, deactivated in the control room, is out, with the time until then on the screen', async () => {
    const app = await here.signedIn()
    const room = await app.context().newPage()
    await room.goto(`${here.stack.sandbox.logto.endpoint}/#leaving`)
    const row = room.locator(`[data-okta-person="${employee}"]`)
    await row.locator('[name=way]').selectOption('event-hook')
    await row.locator('[formaction*=okta-deactivate]').click()
    const told = room.locator('[data-delivery="event hook"]').first()
    await told.waitFor()
    expect(await told.getAttribute('data-status')).toBe('204')
    const took = await told.getAttribute('data-took')
    expect(await told.textContent()).toContain(`${took} ms`)
    await room.locator(`[data-okta-person="${employee}"][data-status=DEPROVISIONED]`).waitFor()
    await expectNoFaults(room)
    await expect
      .poll(async () => (await app.reload()) && app.getAttribute('body', 'data-signed-in'))
      .toBe('false')
    await row.locator('[formaction*=okta-restore]').click()
    await room.locator(`[data-okta-person="${employee}"][data-status=ACTIVE]`).waitFor()
    await app.goto(`${here.stack.url}/sign-in/okta-acme`)
    await here.signInAtOkta(app)
    await app.waitForURL(`${here.stack.url}/`)
  })
})
