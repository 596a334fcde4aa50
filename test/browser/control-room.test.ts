import type { Browser, BrowserContext } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { accessibilityFaults, browserFound, launchBrowser, watch } from '../support/browser.ts'
import { type Stack, signInThroughOkta, startStack, UserAgent } from '../support/stack.ts'

describe.skipIf(!browserFound())('the control room in Chromium', () => {
  let stack: Stack
  let browser: Browser
  let context: BrowserContext
  let problems: string[]

  beforeAll(async () => {
    ;[stack, browser] = await Promise.all([startStack(), launchBrowser()])
    await signInThroughOkta(new UserAgent(), stack)
  })
  afterAll(async () => {
    await browser?.close()
    await stack?.close()
  })
  beforeEach(async () => {
    context = await browser.newContext()
    problems = watch(context).problems
  })
  afterEach(async () => {
    stack.sandbox.control.mend()
    await context.close()
  })

  it('control room, its buttons pressed, does what they say under its own policy', async () => {
    const page = await context.newPage()
    await page.goto(stack.sandbox.logto.endpoint)
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
    expect(problems).toEqual([])
  })

  it('form, of another site, is refused by what the browser itself tells', async () => {
    const page = await context.newPage()
    await page.goto(`${stack.sandbox.okta.issuer}/.well-known/openid-configuration`)
    await page.setContent(
      `<form method="post" action="${stack.sandbox.logto.endpoint}/control/outage"><button>Win</button></form>`,
    )
    await page.getByRole('button').click()
    await page.getByText('This form is not from here').first().waitFor()
    expect((await fetch(`${stack.sandbox.logto.endpoint}/api/status`)).status).toBe(204)
  })

  it.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 360],
    ['dark', 360],
  ] as const)(
    'page, %s and %i pixels wide, gives axe-core nothing to find and fits',
    async (colorScheme, width) => {
      await signInThroughOkta(new UserAgent(), stack)
      stack.sandbox.control.slowTokens(5000)
      await stack.sandbox.control.backchannelLogout({ sub: 'nobody' })
      const page = await context.newPage()
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height: 800 })
      await page.goto(stack.sandbox.logto.endpoint)
      await page.getByRole('button', { name: 'End at Logto alone' }).first().waitFor()
      expect(await accessibilityFaults(page)).toEqual([])
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
      expect(problems).toEqual([])
    },
  )
})
