import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { browserFound } from '../support/browser.ts'
import { expectNoFaults, inChromium } from '../support/in-chromium.ts'
import { signInThroughOkta, UserAgent } from '../support/stack.ts'

describe.skipIf(!browserFound())('the control room in Chromium', () => {
  const here = inChromium()

  beforeAll(async () => {
    await signInThroughOkta(new UserAgent(), here.stack)
  })
  afterEach(() => here.stack.sandbox.control.mend())

  it('control room, its buttons pressed, does what they say under its own policy', async () => {
    const page = await here.newPage()
    await page.goto(here.stack.sandbox.logto.endpoint)
    await page.getByRole('button', { name: 'Go out' }).click()
    await page.getByText('Every path answers 503.').waitFor()
    await page.getByRole('button', { name: 'Mend all' }).click()
    await page.getByText('Everything is in order.').waitFor()
    await page.getByLabel('Logout token').selectOption('nonce')
    await page.getByRole('button', { name: 'Send for this session (sid)' }).click()
    await page.getByText('Back-channel logout: answer').waitFor()
    await page.getByRole('button', { name: 'Suspend employee@acme.example' }).click()
    await page.getByRole('button', { name: 'Unsuspend employee@acme.example' }).click()
    await page.getByRole('button', { name: 'Suspend employee@acme.example' }).waitFor()
  })

  it('control room, left open, shows each hop as it comes', async () => {
    const room = await here.newPage()
    const page = await room.context().newPage()
    await room.goto(here.stack.sandbox.logto.endpoint)
    const hop = `login_hint=nobody${here.stack.password}@elsewhere.example`
    await page.goto(`${here.stack.url}/sign-in?${hop}`)
    await room.bringToFront()
    await room.getByText(hop).first().waitFor()
  })

  it('form, of another site, is refused by what the browser itself tells', async () => {
    const { okta, logto } = here.stack.sandbox
    const page = await here.newPage()
    await page.goto(`${okta.issuer}/.well-known/openid-configuration`)
    await page.setContent(
      `<form method="post" action="${logto.endpoint}/control/outage"><button>Win</button></form>`,
    )
    await page.getByRole('button').click()
    await page.getByText('This form is not from here').first().waitFor()
    expect((await fetch(`${logto.endpoint}/api/status`)).status).toBe(204)
  })

  it.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 360],
    ['dark', 360],
  ] as const)(
    'page, %s and %i pixels wide, gives axe-core nothing to find and fits',
    async (colorScheme, width) => {
      const { control, logto } = here.stack.sandbox
      await signInThroughOkta(new UserAgent(), here.stack)
      control.slowTokens(5000)
      await control.backchannelLogout({ sub: 'nobody' })
      const page = await here.newPage({ colorScheme, viewport: { width, height: 800 } })
      await page.goto(logto.endpoint)
      await page.getByRole('button', { name: 'End at Logto alone' }).first().waitFor()
      await expectNoFaults(page)
    },
  )
})
