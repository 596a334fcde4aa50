import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApp } from '../../src/demo/app.ts'
import { demoWords } from '../../src/demo/words.ts'
import { planProvisioning } from '../../src/provision/provision.ts'
import { loadConfig } from '../../src/settings/config.ts'
import { singleSignOn } from '../../src/sso/index.ts'
import { browserFound, launchBrowser, watch } from '../support/browser.ts'
import { expectNoFaults } from '../support/in-chromium.ts'
import { type PortalStack, startPortalStack } from '../support/portal-stack.ts'

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

  /** The demo at the same Logto, with the companies that the portal writes. */
  async function startApp(): Promise<string> {
    const server = createServer()
    await once(server.listen(0, 'localhost'), 'listening')
    const url = `http://localhost:${(server.address() as AddressInfo).port}`
    const { logto } = stack.sandbox
    const { wired, apply } = await planProvisioning({
      ...{
        baseUrl: url,
        appName: 'Express app',
        logto,
        group: 'Everyone',
        apiResource: undefined,
        apiPermissions: [],
      },
      ...{ application: { id: undefined, secret: undefined }, issuer: undefined, okta: undefined },
      ...{ connector: { name: 'Nobody yet', domains: [], scopes: [] }, byHand: undefined, takeOver: false },
      ...{ offlineAccess: true, companyHookKey: 'x'.repeat(43), webhooks: false },
    })
    await apply()
    const { applicationId: LOGTO_APP_ID = '', appSecret: LOGTO_APP_SECRET = '' } = wired
    const settings = { BASE_URL: url, LOGTO_ENDPOINT: logto.endpoint, LOGTO_APP_ID, LOGTO_APP_SECRET }
    const config = loadConfig(settings)
    const logger = pino({ level: 'silent' })
    const ours = { logger, words: demoWords, errors: 'all' as const, companies: stack.place }
    const sso = await singleSignOn(config, ours)
    server.on('request', createApp(config, { sso }))
    closing.push(sso.close, async () => server.close().closeAllConnections())
    return url
  }

  async function signIn(page: Page, username: string) {
    await page.locator('[name=username]').fill(username)
    await page.locator('[name=password]').fill(stack.sandbox.password)
    await page.locator('main button').click()
  }

  it('browser, from the invitation to a first sign-in, makes somebody a member of their organization', async () => {
    const app = await startApp()
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
