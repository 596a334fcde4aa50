import { randomUUID } from 'node:crypto'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { browserFound, launchBrowser, watch } from '../support/browser.ts'
import { expectNoFaults } from '../support/in-chromium.ts'
import { type PortalStack, startAppBeside, startPortalStack } from '../support/portal-stack.ts'

/** A company's provider, and what its administrator does there. */
interface Kind {
  provider: 'Okta' | 'SAML'
  options: BrowserContextOptions
  who: () => { company: string; domain: string; tester: string; newcomer: string; url: string }
  /** Enters what the portal's page gave to copy, and reads the values off the provider's console. */
  register: (
    context: BrowserContext,
    copied: readonly string[],
  ) => Promise<Record<string, string | undefined>>
}

describe.skipIf(!browserFound())('a company wired by hand, in Chromium', () => {
  let stack: PortalStack
  let app: Awaited<ReturnType<typeof startAppBeside>>
  let browser: Browser
  beforeAll(async () => {
    ;[stack, browser] = await Promise.all([startPortalStack(), launchBrowser()])
    app = await startAppBeside(stack)
  })
  afterAll(async () => {
    await browser?.close()
    await app?.close()
    await stack?.close()
  })

  async function signIn(page: Page, username: string) {
    await page.locator('[name=username]').fill(username)
    await page.locator('[name=password]').fill(stack.sandbox.password)
    await page.locator('main button').click()
  }

  const soylent = () => {
    const found = stack.sandbox.companies.find(({ look }) => look === 'saml')
    if (!found) throw new Error('no company with SAML')
    return found
  }

  const okta: Kind = {
    provider: 'Okta',
    options: { locale: 'ja', viewport: { width: 390, height: 844 } },
    who() {
      const { name: company, domain, administrator: tester, okta: url } = stack.company
      return { company, domain, tester, newcomer: `peter@${domain}`, url }
    },
    async register(context, copied) {
      const console = await context.newPage()
      await console.goto(`${stack.company.okta}/admin/apps`)
      await signIn(console, stack.company.administrator)
      await console.locator('[name=label]').fill('Express app')
      await console
        .locator('[name=redirectUris]')
        .fill(copied.find((value) => value.includes('/callback/')) ?? '')
      await console.locator('main button').click()
      const shown = async (name: string) => (await console.locator(`[data-${name}]`).textContent()) ?? ''
      const [issuer, clientId] = [await shown('issuer'), await shown('client-id')]
      return { issuer, clientId, clientSecret: await shown('client-secret') }
    },
  }

  const saml: Kind = {
    provider: 'SAML',
    options: { locale: 'en' },
    who() {
      const { name: company, domain, account, url } = soylent()
      return { company, domain, tester: account.email, newcomer: `colleague@${domain}`, url }
    },
    async register(_context, copied) {
      const { people, domain, values, register } = soylent()
      const [person] = people
      if (person) people.push({ ...person, id: randomUUID(), email: `colleague@${domain}` })
      const acsUrl = copied.find((value) => value.includes('/single-sign-on/saml/')) ?? ''
      register(stack.sandbox.logto.endpoint, acsUrl.split('/').at(-1) ?? '')
      return values
    },
  }

  it.each([okta, saml])(
    'browser, from the invitation to a first sign-in by $provider, makes somebody a member of their organization',
    async ({ provider, options, who, register }) => {
      const { company, domain, tester, newcomer, url } = who()
      const { link } = await stack.invite({ company, domains: [domain] })
      const context = await browser.newContext({
        ...options,
        permissions: ['clipboard-read', 'clipboard-write'],
      })
      const { problems } = watch(context)
      const portal = await context.newPage()
      const at = (stage: string) => portal.locator(`main[data-stage=${stage}]`).waitFor()
      await portal.goto(link)
      await expectNoFaults(portal)
      await portal.locator(`[value=${provider}]`).check()
      await portal.locator('main button').click()
      await at('connect')
      await expectNoFaults(portal)
      const copied: string[] = []
      for (const value of await portal.locator('[data-copy]').all()) {
        await value.locator('button').click()
        const done = (await value.getAttribute('data-copied')) ?? ''
        await value.locator('button', { hasText: done }).waitFor()
        copied.push(await portal.evaluate('navigator.clipboard.readText()'))
      }

      for (const [name, value = ''] of Object.entries(await register(context, copied)))
        await portal.locator(`[name=${name}]`).fill(value)
      await portal.locator('form[action$="/connect"] button').click()
      await at('test')
      await portal.locator('a[href$="/test"]').click()
      // Okta knows who has been in its console, and asks nobody again.
      if (provider === 'SAML') await signIn(portal, tester)
      await at('switch_on')
      await expectNoFaults(portal)
      await portal.locator('form[action$="/switch-on"] button').click()
      await at('on')
      await expectNoFaults(portal)
      expect(problems).toEqual([])

      const person = await (await browser.newContext({ locale: 'en' })).newPage()
      // The app knows the company from its test on, and its domains a moment after the switch.
      const forAddress = `${app.url}/sign-in?login_hint=${newcomer}`
      await expect
        .poll(async () => (await fetch(forAddress, { redirect: 'manual' })).headers.get('location'))
        .toContain('direct_sign_in=')
      await person.goto(`${app.url}/sign-in/${company.toLowerCase()}`)
      expect(person.url()).toContain(url)
      await signIn(person, newcomer)
      await person.waitForURL(`${app.url}/`)
      await person.goto(`${app.url}/organizations`)
      expect(await person.locator('main').textContent()).toContain(company)
    },
  )
})
