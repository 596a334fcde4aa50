import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import type { Company } from '../../src/sandbox/index.ts'
import { browserFound } from '../support/browser.ts'
import { employee, expectNoFaults, inChromium } from '../support/in-chromium.ts'
import { signInThroughOkta, UserAgent } from '../support/stack.ts'

describe.skipIf(!browserFound())('every page in Chromium', () => {
  const here = inChromium({ companies: true })
  const app = (path: string) => here.stack.url + path
  const logto = (path: string) => here.stack.sandbox.logto.endpoint + path
  const okta = (path: string) => here.stack.sandbox.okta.issuer + path

  const company = (look: Company['look']) => {
    const found = here.stack.sandbox.companies.find((each) => each.look === look)
    if (!found) throw new Error(`no company has ${look}`)
    return found
  }

  async function refusedByOkta(page: Page) {
    await page.goto(app('/sign-in/okta-acme?return_to=/profile'))
    await here.signInAtOkta(page, 'contractor@acme.example')
    await page.getByRole('status').waitFor()
  }

  async function atSingleSignOn(page: Page, email?: string) {
    await page.goto(app('/sign-in?first_screen=single_sign_on'))
    if (email === undefined) return
    await page.locator('[name=email]').fill(email)
    await page.locator('main button').click()
    await page.getByRole('alert').waitFor()
  }

  /** Sends a form of Logto's or Okta's with what they refuse. */
  async function mistaken(page: Page, url: string) {
    await page.goto(url)
    await page.locator('[name=username]').fill('nobody')
    await page.locator('[name=password]').fill('wrong')
    await page.locator('main button').click()
    await page.getByRole('alert').waitFor()
  }

  /** The console of the company's Okta, as one of its administrators. */
  async function atConsole(page: Page) {
    const { org } = here.stack.sandbox
    const somebody = org.users.find(({ profile }) => profile.login === employee)
    org.administrators.add(somebody?.id ?? '')
    await page.goto(okta('/admin/apps'))
    await here.signInAtOkta(page)
    await page.locator('[name=label]').waitFor()
  }

  async function signedOutEverywhere(page: Page) {
    await page.goto(app('/sessions'))
    await page.locator('[name=everywhere]').click()
    await page.locator('[data-notice]').waitFor()
  }

  /**
   * How a stranger gets to a page, by the view that draws it and what is special; then how somebody does who is signed
   * in, one after another: the last of them signs out.
   */
  const strangers: Record<string, (page: Page) => Promise<unknown>> = {
    home: (page) => page.goto(app('/')),
    error: (page) => page.goto(app('/nowhere')),
    'error, of a callback': (page) => page.goto(app('/callback?state=x')),
    'sandbox/logto/sign-in': (page) => page.goto(app('/sign-in')),
    'sandbox/logto/sign-in, mistaken': (page) => mistaken(page, app('/sign-in')),
    'sandbox/logto/register': (page) => page.goto(app('/sign-up')),
    'sandbox/logto/register, mistaken': (page) => mistaken(page, app('/sign-up')),
    'sandbox/logto/single-sign-on': (page) => atSingleSignOn(page),
    'sandbox/logto/single-sign-on, nobody’s': (page) => atSingleSignOn(page, 'erin@elsewhere.example'),
    'sandbox/logto/sign-in, after Okta refused': refusedByOkta,
    'sandbox/shared/message, of no sign-in': (page) => page.goto(logto('/sign-in')),
    'sandbox/shared/login': (page) => page.goto(app('/sign-in/okta-acme')),
    'sandbox/shared/login, mistaken': (page) => mistaken(page, okta('/')),
    'sandbox/shared/expired': (page) => page.goto(okta('/login/none')),
    'sandbox/shared/error': (page) => page.goto(okta('/oauth2/v1/authorize?client_id=nobody')),
    'sandbox/shared/company': (page) => page.goto(company('saml').url),
    // Its script sends its form at once; here that leads nowhere.
    'sandbox/saml/respond': async (page) => {
      const { url, account } = company('saml')
      await page.route('**/api/authn/**', (route) => route.fulfill({ status: 204 }))
      await page.goto(`${url}/start`)
      await here.signInAtOkta(page, account.email)
      await page.locator('form [name=SAMLResponse]').waitFor({ state: 'attached' })
    },
    'sandbox/okta/dashboard, empty': async (page) => {
      await page.goto(okta('/'))
      await here.signInAtOkta(page, 'contractor@acme.example')
      await page.locator('[data-no-app]').waitFor()
    },
    'sandbox/okta/console': atConsole,
    'sandbox/okta/console-app': async (page) => {
      await atConsole(page)
      await page.locator('main a[href*="/admin/apps/"]').first().click()
      await page.locator('[name=person]').first().waitFor()
    },
    'sandbox/shared/message': (page) => page.goto(logto('/nowhere')),
  }
  const ours: typeof strangers = {
    'home, signed in': (page) => page.goto(app('/')),
    'home, its menu open': async (page) => {
      await page.locator('[popovertarget=account]').click()
      await page.locator('#account').waitFor()
    },
    profile: (page) => page.goto(app('/profile')),
    'profile, unfolded': (page) => page.locator('summary').click(),
    'profile, Logto away': async (page) => {
      here.stack.sandbox.control.outage()
      // What Logto said of the person is kept for two seconds.
      await expect
        .poll(async () => {
          await page.goto(app('/profile'))
          return page.locator('.notice').count()
        })
        .toBe(1)
      here.stack.sandbox.control.clearFaults()
    },
    organizations: (page) => page.goto(app('/organizations')),
    'organizations, with a token’s claims': async (page) => {
      await page.locator('.cards button').click()
      await page.locator('.claims').waitFor()
    },
    sessions: async (page) => {
      await signInThroughOkta(new UserAgent(), here.stack)
      await page.goto(app('/sessions'))
      await page.locator('[name=others]').waitFor()
    },
    'sessions, unfolded': async (page) => {
      for (const fold of await page.locator('summary').all()) await fold.click()
    },
    'sandbox/control-room/control-room': async (page) => {
      await page.goto(logto('/'))
      await page.evaluate("document.querySelectorAll('details').forEach((section) => (section.open = true))")
      await page.locator('[action*=end-session] button').first().waitFor()
    },
    'sandbox/control-room/control-room, with faults': async (page) => {
      const { control } = here.stack.sandbox
      control.slowTokens(5000)
      await control.backchannelLogout({ sid: 'none' })
      await page.goto(logto('/'))
      control.clearFaults()
      await page.getByText('/backchannel-logout').first().waitFor()
    },
    'sandbox/control-room/refused': async (page) => {
      await page.goto(logto('/'))
      await page.evaluate(`
        const form = document.querySelector('[action*=end-session]')
        form.querySelector('button').value = 'none'
        form.requestSubmit(form.querySelector('button'))`)
      await page.getByRole('alert').waitFor()
    },
    'sandbox/okta/dashboard': (page) => page.goto(okta('/')),
    'sign-out': async (page) => {
      await page.goto(okta('/.well-known/openid-configuration'))
      await page.evaluate(`location.assign(${JSON.stringify(app('/sign-out'))})`)
      await page.locator('form[action$="/sign-out"]').waitFor()
    },
    // Its script sends its form at once; here it is kept from it.
    'sandbox/shared/sign-out': async (page) => {
      const end = logto(`/oidc/session/end?client_id=${here.stack.sandbox.logto.appId}`)
      await page.route(end, async (route) => {
        const response = await route.fetch()
        await route.fulfill({ response, body: (await response.text()).replace('.submit()', '') })
      })
      await page.goto(end)
      await page.locator('form [name=logout]').waitFor({ state: 'attached' })
    },
    'home, signed out': async (page) => {
      await page.goto(app('/sign-out'))
      await page.locator('[data-notice]').waitFor()
    },
  }
  const departed: typeof strangers = { 'home, signed out everywhere': signedOutEverywhere }

  // The portal's are walked through in portal.test.ts.
  it('views, all there are, are visited', () => {
    const folder = fileURLToPath(new URL('../../views', import.meta.url))
    const views = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((name) => name.replaceAll('\\', '/'))
      .filter(
        (name) =>
          name.endsWith('.ejs') && !/\/partials\/|^sandbox\/(layout|shared\/help)|^portal\//.test(name),
      )
      .map((name) => name.slice(0, -'.ejs'.length).replace(/^(demo|sso)\//, ''))
    const visited = [strangers, ours, departed].flatMap(Object.keys).map((name) => name.split(',')[0])
    expect([...new Set(visited)].sort()).toEqual(views.sort())
  })

  const looks = (['light', 'dark'] as const).flatMap((colorScheme) =>
    (['en', 'ja'] as const).map((locale) => ({ colorScheme, locale })),
  )

  describe.each(looks)('$colorScheme, in $locale', (look) => {
    async function lookAt(page: Page, name: string, get: (page: Page) => Promise<unknown>) {
      await get(page)
      expect(await page.getAttribute('html', 'lang'), name).toBe(look.locale)
      for (const width of [1280, 360]) {
        await page.setViewportSize({ width, height: 800 })
        await expectNoFaults(page)
      }
    }

    it.each(Object.entries(strangers))(
      '%s, wide and narrow, gives axe-core nothing to find and fits',
      async (name, get) => {
        const page = await here.newPage(look)
        await lookAt(page, name, get)
        await page.context().close()
      },
    )

    // One after the other in one browser, and so with time for all of them.
    it('pages, of somebody signed in, wide and narrow, give axe-core nothing to find and fit', async () => {
      for (const visits of [ours, departed]) {
        const page = await here.signedIn(look)
        for (const [name, get] of Object.entries(visits)) await lookAt(page, name, get)
      }
    }, 240_000)
  })
})
