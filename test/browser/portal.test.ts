import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { browserFound, launchBrowser, watch } from '../support/browser.ts'
import { expectNoFaults } from '../support/in-chromium.ts'
import { type PortalStack, startAppBeside, startPortalStack } from '../support/portal-stack.ts'

describe.skipIf(!browserFound())('a company wired by hand, in Chromium', () => {
  let stack: PortalStack
  let browser: Browser
  const closing: Array<() => Promise<unknown>> = []
  beforeAll(async () => {
    ;[stack, browser] = await Promise.all([startPortalStack(), launchBrowser()])
  })
  afterAll(async () => {
    await browser?.close()
    for (const close of closing) await close()
    await stack?.close()
  })

  async function signIn(page: Page, username: string) {
    await page.locator('[name=username]').fill(username)
    await page.locator('[name=password]').fill(stack.sandbox.password)
    await page.locator('main button').click()
  }

  it('browser, from the invitation to a first sign-in, makes somebody a member of their organization', async () => {
    const { url: app, close } = await startAppBeside(stack)
    closing.push(close)
    const { link } = await stack.invite()
    const context = await browser.newContext({ locale: 'ja', viewport: { width: 390, height: 844 } })
    const { problems } = watch(context)
    const portal = await context.newPage()
    const at = (stage: string) => portal.locator(`main[data-stage=${stage}]`).waitFor()
    await portal.goto(link)
    await expectNoFaults(portal)
    await portal.locator('[value=Okta]').check()
    await portal.locator('main button').click()
    await at('connect')
    await expectNoFaults(portal)
    const redirectUri = await portal.locator('dd code', { hasText: '/callback/' }).textContent()

    const console = await context.newPage()
    await console.goto(`${stack.company.okta}/admin/apps`)
    await signIn(console, stack.company.administrator)
    await console.locator('[name=label]').fill('Express app')
    await console.locator('[name=redirectUris]').fill(redirectUri ?? '')
    await console.locator('main button').click()
    const shown = (name: string) => console.locator(`[data-${name}]`).textContent()
    await portal.locator('[name=issuer]').fill((await shown('issuer')) ?? '')
    await portal.locator('[name=clientId]').fill((await shown('client-id')) ?? '')
    await portal.locator('[name=clientSecret]').fill((await shown('client-secret')) ?? '')
    await portal.locator('form[action$="/connect"] button').click()
    await at('test')
    await portal.locator('a[href$="/test"]').click()
    await at('switch_on')
    await expectNoFaults(portal)
    await portal.locator('form[action$="/switch-on"] button').click()
    await at('on')
    await expectNoFaults(portal)
    expect(problems).toEqual([])

    const person = await (await browser.newContext({ locale: 'en' })).newPage()
    await expect
      .poll(async () => {
        await person.goto(`${app}/sign-in/initech`)
        return person.url()
      })
      .toContain(stack.company.okta)
    await signIn(person, 'peter@initech.example')
    await person.waitForURL(`${app}/`)
    await person.goto(`${app}/organizations`)
    expect(await person.locator('main').textContent()).toContain('Initech')
  })
})
