import { describe, expect, it } from 'vitest'
import type { SsoConnector } from '../../src/sandbox/index.ts'
import { UserAgent } from '../support/user-agent.ts'
import { EMPLOYEE, sandboxForTests, signInWithOkta, toOkta } from './support.ts'

const context = sandboxForTests()

const connector = () => context.sandbox.tenant.ssoConnectors[0] as SsoConnector
const employee = () => {
  const person = context.sandbox.org.users.find(({ profile }) => profile.login === EMPLOYEE)
  if (!person) throw new Error('the directory has an employee')
  return person
}

/** A browser that has signed in at Okta and holds Okta's answer, not yet followed. */
async function withAnswer() {
  const browser = new UserAgent()
  await browser.open(await context.app.signInUrl())
  const { url } = await toOkta(browser)
  const sent = await browser.request(url, {
    method: 'POST',
    body: new URLSearchParams({ username: EMPLOYEE, password: context.sandbox.password }),
  })
  const resumed = await browser.request(sent.headers.get('location') ?? '')
  return { browser, answer: new URL(resumed.headers.get('location') ?? '') }
}

async function withChanged(change: Partial<SsoConnector['config']>, run: () => Promise<void>) {
  const saved = { ...connector().config }
  Object.assign(connector().config, change)
  await run()
  connector().config = saved
}

describe('the answer of the identity provider', () => {
  it.each([
    ['code of another', { code: 'made-up' }],
    ['issuer of another', { iss: 'http://localhost:1' }],
    ['missing issuer', { iss: undefined }],
    ['missing code', { code: undefined }],
  ])('answer, with a %s, is an error page and signs nobody in', async (_what, change) => {
    const { browser, answer } = await withAnswer()
    for (const [name, value] of Object.entries(change)) {
      if (value === undefined) answer.searchParams.delete(name)
      else answer.searchParams.set(name, value)
    }
    const page = await browser.open(answer.href)
    expect(page.status).toBe(400)
    expect(page.text).toContain('could not be verified')
    expect(page.text).not.toMatch(/at .*\.ts|invalid_grant|secret/)
  })

  it.each([
    ['unknown', 'made-up'],
    ['missing', undefined],
  ])('answer, with a state that is %s, is refused', async (_what, state) => {
    const { browser, answer } = await withAnswer()
    if (state) answer.searchParams.set('state', state)
    else answer.searchParams.delete('state')
    const page = await browser.open(answer.href)
    expect(page.status).toBe(400)
    expect(page.text).toContain('This sign-in has ended')
  })

  it('answer, opened again after it failed, is refused', async () => {
    const { browser, answer } = await withAnswer()
    answer.searchParams.set('code', 'made-up')
    expect((await browser.open(answer.href)).text).toContain('could not be verified')
    expect((await browser.open(answer.href)).text).toContain('This sign-in has ended')
  })

  it('answer, for another connector, is refused', async () => {
    const { browser, answer } = await withAnswer()
    answer.pathname = '/callback/another'
    expect((await browser.open(answer.href)).status).toBe(400)
  })

  it('nonce, not the one sent, is refused', async () => {
    const { browser, answer } = await withAnswer()
    const begun = new UserAgent(browser.jar)
    await begun.open(await context.app.signInUrl())
    await begun.click('Single Sign-On')
    const second = await begun.request(begun.page?.url ?? '', {
      method: 'POST',
      body: new URLSearchParams({ email: EMPLOYEE }),
    })
    const other = new URL(second.headers.get('location') ?? '').searchParams.get('state') ?? ''
    answer.searchParams.set('state', other)
    expect((await browser.open(answer.href)).text).toContain('could not be verified')
  })

  it('error, whatever its text, is shown as text', async () => {
    const { browser, answer } = await withAnswer()
    answer.searchParams.delete('code')
    answer.searchParams.set('error', 'server_error')
    answer.searchParams.set('error_description', '<script>alert(1)</script>')
    const page = await browser.open(answer.href)
    expect(page.status).toBe(400)
    expect(page.body).not.toContain('<script>')
  })

  it('secret of the connector, wrong, is an error page', () =>
    withChanged({ clientSecret: 'wrong' }, async () => {
      const { browser, answer } = await withAnswer()
      expect((await browser.open(answer.href)).text).toContain('could not be verified')
    }))

  it('connector, removed meanwhile, is an error page', async () => {
    const { browser, answer } = await withAnswer()
    const saved = context.sandbox.tenant.ssoConnectors.splice(0)
    expect((await browser.open(answer.href)).text).toContain('no longer available')
    context.sandbox.tenant.ssoConnectors.push(...saved)
  })

  it('issuer, that nobody answers at, is an error page with a way back', () =>
    withChanged({ issuer: 'http://localhost:9' }, async () => {
      const browser = new UserAgent()
      await browser.open(await context.app.signInUrl())
      const page = await toOkta(browser)
      expect(page.status).toBe(400)
      expect(page.text).toContain('does not answer')
      expect((await browser.click('Back to sign in')).text).toContain('Sign in to your account')
    }))
})

describe('who an enterprise user is', () => {
  it('person, with a new subject and the old email, is somebody else', async () => {
    const first = await signInWithOkta(context)
    const { id } = employee()
    const [assigned] = context.sandbox.org.assignments.values()
    employee().id = '00uSomebodyNewAtAcme'
    assigned?.users.add('00uSomebodyNewAtAcme')
    const second = await signInWithOkta(context)
    employee().id = id
    expect(second.tokens.claims()?.sub).not.toBe(first.tokens.claims()?.sub)
    expect(second.tokens.claims()).toMatchObject({ email: null, email_verified: false })
  })

  it('person, with a new email and the old subject, is the same user', async () => {
    const first = await signInWithOkta(context)
    employee().profile.email = 'married@acme.example'
    const second = await signInWithOkta(context)
    employee().profile.email = EMPLOYEE
    expect(second.tokens.claims()?.sub).toBe(first.tokens.claims()?.sub)
  })

  it('profile, changed at Okta, follows only where the connector syncs it', async () => {
    const name = async () => (await signInWithOkta(context)).tokens.claims()?.name
    expect(await name()).toBe('Erin Moore')
    employee().profile.displayName = 'Erin Newname'
    expect(await name()).toBe('Erin Moore')
    connector().syncProfile = true
    expect(await name()).toBe('Erin Newname')
    connector().syncProfile = false
    employee().profile.displayName = 'Erin Moore'
  })

  it('user, suspended at Logto, is refused after signing in at Okta', async () => {
    const { tokens } = await signInWithOkta(context)
    const user = context.sandbox.tenant.users.find(({ id }) => id === tokens.claims()?.sub)
    if (user) user.isSuspended = true
    const { browser, answer } = await withAnswer()
    expect((await browser.open(answer.href)).text).toContain('This account is suspended.')
    if (user) user.isSuspended = false
  })
})
