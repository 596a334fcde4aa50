import { describe, expect, it } from 'vitest'
import { UserAgent } from '../support/user-agent.ts'
import { having, sandboxForTests } from './support.ts'

const context = sandboxForTests()

const open = async (extra: Record<string, string>) => {
  const browser = new UserAgent()
  const page = await browser.open(await context.app.signInUrl(extra))
  return { browser, page, url: new URL(page.url) }
}

describe('first screens', () => {
  it.each([
    ['register', '/register'],
    ['single_sign_on', '/single-sign-on'],
    ['identifier:sign_in', '/identifier-sign-in'],
    ['identifier:register', '/identifier-register'],
    ['reset_password', '/reset-password'],
    ['anything else', '/sign-in'],
    ['constructor', '/sign-in'],
    ['__proto__', '/sign-in'],
    ['toString', '/sign-in'],
  ])('first screen, %s, is %s', async (screen, path) => {
    expect((await open({ first_screen: screen })).url.pathname).toBe(path)
    const { page } = await open({ first_screen: screen, direct_sign_in: 'sso:nobody' })
    const [direct, fallback] = page.hops.slice(1, 3).map((hop) => new URL(hop))
    expect(direct?.searchParams.get('fallback')).toBe(path.slice(1))
    expect(fallback?.pathname).toBe(path)
  })

  it('interaction mode signUp, of older SDKs, is the sign-up page', async () => {
    expect((await open({ interaction_mode: 'signUp' })).url.pathname).toBe('/register')
  })

  it.each(['//evil.example', 'https://evil.example', '/sign-in', '../register', 'consent', 'callback/x', ''])(
    'fallback, “%s”, is the sign-in page',
    async (fallback) => {
      const { browser, url } = await open({})
      url.pathname = '/direct/sso/nobody'
      url.searchParams.set('fallback', fallback)
      const page = await browser.open(url.href)
      expect(new URL(page.url).origin).toBe(context.sandbox.logto.endpoint)
      expect(new URL(page.url).pathname).toBe('/sign-in')
    },
  )

  it('parameters of the request, from page to page, are kept', async () => {
    const { browser } = await open({ ui_locales: 'fr', identifier: 'username', organization_id: 'org' })
    const next = new URL((await browser.click('Single Sign-On')).url)
    expect(Object.fromEntries(next.searchParams)).toMatchObject({
      ui_locales: 'fr',
      identifier: 'username',
      organization_id: 'org',
    })
  })
})

describe('pages the tenant has switched off', () => {
  it.each(['/single-sign-on', '/single-sign-on/email'])(
    'page %s, with Enterprise SSO off, leads to the sign-in page',
    async (path) => {
      const { browser, url } = await open({})
      url.pathname = path
      await having(context.sandbox.tenant.signInExperience, { singleSignOnEnabled: false }, async () => {
        for (const method of ['GET', 'POST']) {
          const response = await browser.request(url.href, { method })
          expect(response.status).toBe(303)
          expect(response.headers.get('location')).toMatch(/^\/sign-in\?/)
        }
      })
    },
  )

  it('sign-up, where the tenant only signs in, leads to the sign-in page and makes no user', async () => {
    const { signInExperience, users } = context.sandbox.tenant
    const { browser, url } = await open({ first_screen: 'register' })
    const before = users.length
    await having(signInExperience, { signInMode: 'SignIn' }, async () => {
      const page = await browser.submit({ username: 'somebody', password: 'long enough' })
      expect(new URL(page.url).pathname).toBe('/sign-in')
      expect(page.text).not.toContain('Create account')
      expect(new URL((await browser.open(url.href)).url).pathname).toBe('/sign-in')
      expect(users).toHaveLength(before)
    })
  })
})
