import { decodeProtectedHeader } from 'jose'
import { fetchUserInfo } from 'openid-client'
import { describe, expect, it } from 'vitest'
import { UserAgent } from '../support/user-agent.ts'
import {
  atSignIn,
  CONTRACTOR,
  EMPLOYEE,
  FORMER,
  having,
  sandboxForTests,
  signInWithOkta,
  signUp,
  toOkta,
  userOf,
} from './support.ts'

const context = sandboxForTests()

/** The paths of the way here, IDs and parameters cut, each with the server it is on. */
function pathsOf(hops: string[] = []): string[] {
  const { logto, okta } = context.sandbox
  const servers = new Map([
    [logto.endpoint, 'logto'],
    [okta.issuer, 'okta'],
    [context.app.url, 'app'],
  ])
  return hops.map((hop) => {
    const { origin, pathname } = new URL(hop)
    const cut = pathname.replace(/(auth|authorize|login|callback|sso)\/[\w-]+$/, '$1/…')
    return `${servers.get(origin)} ${cut}`
  })
}

describe('enterprise sign-in', () => {
  it('journey, an employee by single sign-on, takes every hop Logto takes and ends at the callback', async () => {
    const browser = new UserAgent()
    const first = await browser.open(await context.app.signInUrl())
    expect(pathsOf(first.hops)).toEqual(['logto /oidc/auth', 'logto /sign-in'])
    const second = await browser.click('Single Sign-On')
    expect(second.text).toContain('Single Sign-On Enter your enterprise email address Email')
    const third = await browser.submit({ email: EMPLOYEE })
    expect(pathsOf(third.hops)).toEqual([
      'logto /single-sign-on/email',
      'okta /oauth2/v1/authorize',
      'okta /login/…',
    ])
    const last = await browser.submit({ username: EMPLOYEE, password: context.sandbox.password })
    expect(pathsOf(last.hops)).toEqual([
      ...['okta /login/…', 'okta /oauth2/v1/authorize/…', 'logto /callback/…'],
      ...['logto /oidc/auth/…', 'logto /consent', 'logto /oidc/auth/…', 'app /callback'],
    ])
    const answer = new URL(last.url).searchParams
    expect([...answer.keys()]).toEqual(['code', 'state', 'iss'])
    expect(answer.get('iss')).toBe(`${context.sandbox.logto.endpoint}/oidc`)
  })

  it('authorization URI of the connector, as sent to Okta, carries Logto’s parameters and no others', async () => {
    const browser = await atSignIn(context)
    const page = await toOkta(browser)
    const sent = new URL(page.hops[1] ?? '').searchParams
    expect([...sent.keys()].sort()).toEqual(
      ['client_id', 'nonce', 'redirect_uri', 'response_type', 'scope', 'state'].sort(),
    )
    const [connector] = context.sandbox.tenant.ssoConnectors
    expect(sent.get('redirect_uri')).toBe(`${context.sandbox.logto.endpoint}/callback/${connector?.id}`)
  })

  it('ID token, of an enterprise user, has Logto’s header and claims', async () => {
    const { tokens } = await signInWithOkta(context)
    const { logto, okta } = context.sandbox
    const id = expect.stringMatching(/^[\w-]{43}$/)
    expect(decodeProtectedHeader(tokens.id_token ?? '')).toMatchObject({ alg: 'ES384', kid: id })
    expect(tokens.claims()).toMatchObject({
      sub: expect.stringMatching(/^[0-9a-z]{12}$/),
      ...{ name: 'Erin Moore', picture: null, username: null, email: EMPLOYEE, email_verified: true },
      ...{ roles: ['Express app API access'], organizations: ['acme'], organization_roles: ['acme:member'] },
      ...{ sid: id, aud: logto.appId, iss: `${logto.endpoint}/oidc` },
      // Provision has switched on that the ID token says so.
      sso_identities: [{ issuer: okta.issuer, identityId: expect.stringMatching(/^00u/) }],
    })
    for (const name of ['custom_data', 'identities', 'organization_data', 'nonce']) {
      expect(tokens.claims()).not.toHaveProperty(name)
    }
    const { updated_at, created_at, exp, iat } = tokens.claims() as Record<string, number>
    expect(Math.abs(Number(updated_at) - Date.now())).toBeLessThan(60_000)
    expect(Number(created_at)).toBeLessThanOrEqual(Number(updated_at))
    expect(Number(exp) - Number(iat)).toBe(3600)
    const refresh_token = expect.any(String)
    expect(tokens).toMatchObject({ expires_in: 3600, token_type: 'bearer', refresh_token })
    expect(tokens.access_token).not.toContain('.')
  })

  it('userinfo, of an enterprise user, has sso_identities and everything the ID token leaves out', async () => {
    const { tokens } = await signInWithOkta(context)
    const sub = tokens.claims()?.sub ?? ''
    const info = await fetchUserInfo(context.app.configuration, tokens.access_token, sub)
    const okta = context.sandbox.org.users.find(({ profile }) => profile.login === EMPLOYEE)
    expect(info).toMatchObject({
      sub,
      email: EMPLOYEE,
      custom_data: {},
      identities: {},
      organization_data: [{ id: 'acme', name: 'Acme', description: expect.any(String) }],
      sso_identities: [
        {
          ...{ issuer: context.sandbox.okta.issuer, identityId: okta?.id },
          detail: {
            ...{ id: okta?.id, name: 'Erin Moore', givenName: 'Erin', familyName: 'Moore' },
            ...{ email: EMPLOYEE, preferredUsername: EMPLOYEE },
          },
        },
      ],
    })
  })

  it('ID token, of an enterprise user, has sso_identities only where enabled and asked for', async () => {
    const { tenant, okta } = context.sandbox
    await having(tenant.idToken, { enabledExtendedClaims: ['sso_identities'] }, async () => {
      const claims = (await signInWithOkta(context)).tokens.claims()
      const detail = { email: EMPLOYEE }
      expect(claims).toMatchObject({ sso_identities: [{ issuer: okta.issuer, detail }] })
      expect(claims).not.toHaveProperty('roles')
      const unasked = await signInWithOkta(context, undefined, { scope: 'openid email' })
      expect(unasked.tokens.claims()).not.toHaveProperty('sso_identities')
    })
  })

  it('direct sign-in, to the connector, shows no page of Logto', async () => {
    const [connector] = context.sandbox.tenant.ssoConnectors
    const url = await context.app.signInUrl({ direct_sign_in: `sso:${connector?.id}` })
    const page = await new UserAgent().open(url)
    expect(pathsOf(page.hops)).toEqual([
      'logto /oidc/auth',
      'logto /direct/sso/…',
      'okta /oauth2/v1/authorize',
      'okta /login/…',
    ])
    expect(new URL(page.hops[1] ?? '').search).toMatch(/^\?app_id=\w+&fallback=sign-in$/)
  })

  it('direct sign-in, to a connector without a domain, goes through it all the same', async () => {
    const [connector] = context.sandbox.tenant.ssoConnectors
    await having(connector ?? { domains: [] }, { domains: [] }, async () => {
      const browser = await atSignIn(context, { direct_sign_in: `sso:${connector?.id}` })
      const page = await browser.submit({ username: EMPLOYEE, password: context.sandbox.password })
      expect((await context.app.exchange(page.url)).claims()?.email).toBe(EMPLOYEE)
    })
  })

  it('direct sign-in, to a connector that does not exist, falls back to the sign-in page', async () => {
    const page = await new UserAgent().open(await context.app.signInUrl({ direct_sign_in: 'sso:nobody' }))
    expect(pathsOf(page.hops).at(-1)).toBe('logto /sign-in')
  })

  it.each([
    ['the sign-in page’s username', 'sign_in', 'username', EMPLOYEE],
    ['the sign-up page’s username', 'register', 'username', EMPLOYEE],
    ['the single sign-on page', 'single_sign_on', 'email', EMPLOYEE],
    ['the sign-in page, in capitals', 'sign_in', 'username', EMPLOYEE.toUpperCase()],
    ['the single sign-on page, in capitals', 'single_sign_on', 'email', ` ${EMPLOYEE.toUpperCase()} `],
  ])('email of the company, typed into %s, goes to Okta', async (_where, screen, field, value) => {
    const browser = await atSignIn(context, { first_screen: screen })
    const page = await browser.submit({ [field]: value })
    expect(pathsOf(page.hops).at(-1)).toBe('okta /login/…')
  })

  it('email of the company, as login hint, fills the form and goes to Okta unchanged', async () => {
    const browser = new UserAgent()
    const page = await browser.open(await context.app.signInUrl({ login_hint: EMPLOYEE }))
    expect(new URL(page.url).searchParams.get('login_hint')).toBe(EMPLOYEE)
    expect(page.body).toContain(`value="${EMPLOYEE}"`)
    expect(pathsOf((await browser.submit()).hops).at(-1)).toBe('okta /login/…')
  })

  it('contractor, with the right password, is at the sign-in page, which does not lead back', async () => {
    const browser = await atSignIn(context)
    await toOkta(browser, CONTRACTOR)
    const page = await browser.submit({ username: CONTRACTOR, password: context.sandbox.password })
    expect(pathsOf(page.hops).at(-1)).toBe('logto /sign-in')
    expect(new URL(page.hops.at(-2) ?? '').searchParams.get('error')).toBe('access_denied')
    expect(page.text).toContain('The request is with wrong input parameter(s).')
    expect(page.body).not.toContain(context.app.url)
    expect(context.sandbox.control.connectorFaults.at(-1)?.problem).toContain('User is not assigned')
    await toOkta(browser)
    const done = await browser.submit({ username: EMPLOYEE, password: context.sandbox.password })
    expect((await context.app.exchange(done.url)).claims()?.email).toBe(EMPLOYEE)
  })

  it.each([
    ['former employee, with the right password', FORMER, true],
    ['employee, with a wrong password', EMPLOYEE, false],
    ['stranger, of the right domain', 'nobody@acme.example', true],
  ])('%s, is refused in the same words', async (_who, username, right) => {
    const browser = await atSignIn(context)
    await toOkta(browser, username)
    const page = await browser.submit({ username, password: right ? context.sandbox.password : 'wrong' })
    expect(page.status).toBe(401)
    expect(page.text).toContain('Sign In Unable to sign in Username')
    expect(page.body).toContain(`value="${username}"`)
    expect(page.body).not.toContain('wrong')
    expect(page.body).toMatch(/name="password" type="password" value=""/)
  })
})

describe('local accounts', () => {
  it('sign-up, then sign-in in another browser, is the same user', async () => {
    const { username, password, tokens } = await signUp(context)
    expect(tokens.claims()).toMatchObject({ username, name: null, email: null, email_verified: false })
    const browser = await atSignIn(context)
    const page = await browser.submit({ username, password })
    expect((await context.app.exchange(page.url)).claims()?.sub).toBe(tokens.claims()?.sub)
  })

  it('sign-in page, as first screen, has Logto’s words', async () => {
    const page = await new UserAgent().open(await context.app.signInUrl())
    expect(page.url).toMatch(/\/sign-in\?app_id=\w+$/)
    for (const words of ['Sign in to your account', 'Username', 'Password', 'Use Single Sign-On']) {
      expect(page.text).toContain(words)
    }
    expect(page.text).toContain('No account yet? Create account')
  })

  it('wrong password, of an account that exists, says no more than an unknown account', async () => {
    const { username } = await signUp(context)
    const attempt = async (name: string) => {
      const browser = await atSignIn(context)
      const page = await browser.submit({ username: name, password: 'not the password' })
      expect(page.status).toBe(422)
      expect(page.body).toContain(`value="${name}"`)
      expect(page.body).not.toContain('not the password')
      return page.text
    }
    const words = 'Incorrect account or password. Please check your input.'
    expect(await attempt(username)).toContain(words)
    expect(await attempt('nobody_here')).toContain(words)
  })

  it('wrong password, then the right one, signs in on the same page', async () => {
    const { username, password } = await signUp(context)
    const browser = await atSignIn(context)
    await browser.submit({ username, password: 'wrong' })
    const page = await browser.submit({ username, password })
    expect(page.url).toContain(`${context.app.url}/callback?code=`)
  })

  it.each([
    ['name that begins with a digit', '1st', 'long enough'],
    ['name with a space', 'a b', 'long enough'],
    ['unknown email', 'someone@elsewhere.example', 'long enough'],
    ['empty name', '', 'long enough'],
    ['short password', 'somebody_new', 'short'],
    ['markup', '<b>"x"</b>', 'long enough'],
  ])('sign-up, %s, stays on the page and makes no user', async (_what, username, password) => {
    const before = context.sandbox.tenant.users.length
    const browser = await atSignIn(context, { first_screen: 'register' })
    const page = await browser.submit({ username, password })
    expect(page.status).toBe(422)
    expect(page.body).toContain('role="alert"')
    expect(page.body).not.toContain('<b>')
    expect(context.sandbox.tenant.users).toHaveLength(before)
  })

  it('sign-up, a name in use, is refused', async () => {
    const { username } = await signUp(context)
    const browser = await atSignIn(context, { first_screen: 'register' })
    expect((await browser.submit({ username, password: 'long enough' })).text).toContain('already in use')
  })

  it('sign-up, sent twice at once, makes one user and no complaint', async () => {
    const browser = new UserAgent()
    const { url } = await browser.open(await context.app.signInUrl({ first_screen: 'register' }))
    const body = new URLSearchParams({ username: 'quick_fingers', password: 'long enough' })
    const before = context.sandbox.tenant.users.length
    const send = () => browser.request(url, { method: 'POST', body })
    const answers = await Promise.all([send(), send()])
    expect(answers.map(({ status }) => status)).toEqual([303, 303])
    expect(context.sandbox.tenant.users).toHaveLength(before + 1)
    const page = await browser.open(
      new URL(answers[0]?.headers.get('location') ?? '', context.sandbox.logto.endpoint).href,
    )
    expect((await context.app.exchange(page.url)).claims()?.username).toBe('quick_fingers')
  })

  it.each(['someone@elsewhere.example', 'not an email', ''])(
    'single sign-on page, “%s”, says so on the page',
    async (email) => {
      const browser = await atSignIn(context, { first_screen: 'single_sign_on' })
      const page = await browser.submit({ email })
      expect(page.status).toBe(400)
      expect(page.body).toContain('role="alert"')
      expect(new URL(page.url).pathname).toBe('/single-sign-on/email')
    },
  )

  it('suspended user, with the right password, is refused', async () => {
    const { username, password, tokens } = await signUp(context)
    userOf(context, tokens.claims()?.sub).isSuspended = true
    const browser = await atSignIn(context)
    const page = await browser.submit({ username, password })
    expect(page.status).toBe(422)
    expect(page.text).toContain('suspended')
  })

  it('other account, signing in where one is signed in, ends the first and goes on', async () => {
    const { browser } = await signUp(context)
    const { username, password } = await signUp(context)
    const before = context.app.deliveries.length
    await browser.open(await context.app.signInUrl({ prompt: 'login consent' }))
    await browser.submit({ username, password })
    const page = await browser.submit()
    expect((await context.app.exchange(page.url)).claims()?.username).toBe(username)
    expect(context.app.deliveries).toHaveLength(before + 1)
  })
})

describe('pages', () => {
  it.each(['/sign-in', '/register', '/single-sign-on', '/consent', '/direct/sso/x', '/callback/x'])(
    'page %s, without a sign-in in flight, says so and leads nowhere',
    async (path) => {
      const page = await new UserAgent().open(`${context.sandbox.logto.endpoint}${path}`)
      expect(page.url).toBe(`${context.sandbox.logto.endpoint}/unknown-session`)
      expect(page.text).toContain('Session not found')
      expect(page.body).not.toContain(context.app.url)
    },
  )

  it('page, without a sign-in in flight, leads where the tenant says', async () => {
    const { tenant, logto } = context.sandbox
    const again = { unknownSessionRedirectUrl: `${context.app.url}/again` }
    const page = await having(tenant.signInExperience, again, () =>
      new UserAgent().open(`${logto.endpoint}/sign-in`),
    )
    expect(page.url).toBe(`${context.app.url}/again`)
  })

  it.each(['logto', 'okta'])('page of %s, any, is private and allows nothing foreign', async (server) => {
    const browser = await atSignIn(context)
    const page = server === 'logto' ? browser.page : await toOkta(browser)
    expect(page?.headers.get('cache-control')).toBe('no-store')
    expect(page?.headers.get('x-powered-by')).toBeNull()
    const policy = page?.headers.get('content-security-policy')
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toContain('form-action')
    expect(policy).not.toContain('script-src')
    expect(page?.body).toContain('<html lang="en">')
    expect(page?.body).toContain('Sandbox.')
    expect(page?.body).not.toMatch(/<script|https?:\/\/(?!localhost)/)
  })

  it('device page, in discovery for completeness, says that there are no devices', async () => {
    const page = await new UserAgent().open(`${context.sandbox.logto.endpoint}/oidc/device`)
    expect(page.text).toMatch(/devices/)
  })

  it.each(['logto', 'okta'])('%s, asked for stylesheet and favicon, has both', async (server) => {
    const { logto, okta } = context.sandbox
    const origin = server === 'logto' ? logto.endpoint : okta.issuer
    const css = await fetch(`${origin}/sandbox.css`)
    expect([css.status, css.headers.get('content-type')]).toEqual([200, 'text/css; charset=utf-8'])
    expect((await fetch(`${origin}/favicon.ico`)).status).toBe(204)
  })

  it.each(['/nothing', '/login/%E0%A4%A', '/callback/%E0%A4%A', '/sign-in/../../etc/passwd'])(
    'address %s, unknown, is a plain page',
    async (path) => {
      for (const origin of [context.sandbox.logto.endpoint, context.sandbox.okta.issuer]) {
        const page = await new UserAgent().open(origin + path)
        expect(page.status).toBeGreaterThanOrEqual(400)
        expect(page.status).toBeLessThan(500)
        expect(page.body).not.toContain('node_modules')
        const text = page.status === 404 ? 'nothing at this address' : 'cannot read this request'
        expect(page.text).toContain(text)
      }
    },
  )

  it('form, far too large, is refused without a failure', async () => {
    const browser = await atSignIn(context)
    const page = await browser.submit({ username: 'x'.repeat(20_000) })
    expect(page.status).toBe(413)
    expect(page.text).toMatch(/larger than any/)
    expect(page.text).not.toContain('nothing at this address')
  })
})
