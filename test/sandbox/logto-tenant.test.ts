import { beforeEach, describe, expect, it } from 'vitest'
import { blankForTests } from './management-support.ts'

const context = blankForTests()

describe('the sign-in experience of the Management API', () => {
  const open = async () => {
    const response = await fetch(`${context.sandbox.logto.endpoint}/api/.well-known/sign-in-exp`)
    return (await response.json()) as Record<string, unknown>
  }

  it('experience, read, has all of the public one that is a setting', async () => {
    const { status, body } = await context.logto('GET', '/sign-in-exp')
    expect(status).toBe(200)
    expect(body).toMatchObject({
      tenantId: 'default',
      id: 'default',
      singleSignOnEnabled: false,
      signInMode: 'SignInAndRegister',
      emailBlocklistPolicy: {},
      forgotPasswordMethods: null,
    })
    const { emailBlocklistPolicy: _list, forgotPasswordMethods: _methods, ...shared } = body
    expect(await open()).toMatchObject(shared)
    expect(body).not.toHaveProperty('ssoConnectors')
  })

  it('experience, changed, counts at once and keeps what is not named', async () => {
    const change = { singleSignOnEnabled: true, misspelt: 1 }
    const { status, body } = await context.logto('PATCH', '/sign-in-exp', change)
    expect([status, body.singleSignOnEnabled, body.signInMode]).toEqual([200, true, 'SignInAndRegister'])
    expect(body).not.toHaveProperty('misspelt')
    expect(await open()).toMatchObject({ singleSignOnEnabled: true })
    await context.logto('PATCH', '/sign-in-exp', { signInMode: 'SignIn' })
    expect(await open()).toMatchObject({ singleSignOnEnabled: true, signInMode: 'SignIn' })
  })

  it.each([
    { termsOfUseUrl: 'https://acme.example/terms', supportEmail: '' },
    { color: { primaryColor: '#123', isDarkModeEnabled: true, darkPrimaryColor: '#abcdef' } },
    { branding: { logoUrl: 'https://acme.example/logo.svg' }, hideLogtoBranding: true },
    { languageInfo: { autoDetect: false, fallbackLanguage: 'ja' } },
    { mfa: { factors: ['Totp'], policy: 'Mandatory' } },
    { passwordPolicy: { length: { min: 12, max: 64 } }, customCss: 'p {}' },
    { socialSignInConnectorTargets: ['google'], signUpProfileFields: [{ name: 'nickname' }] },
  ])('change %j, of what the sandbox does not act on, is kept and shown', async (change) => {
    const { status, body } = await context.logto('PATCH', '/sign-in-exp', change)
    expect(status).toBe(200)
    for (const answer of [body, (await context.logto('GET', '/sign-in-exp')).body, await open()]) {
      expect(answer).toMatchObject({ ...change, id: 'default' })
    }
  })

  it('change, of what the public may not know, is kept and not shown', async () => {
    const change = {
      emailBlocklistPolicy: { customBlocklist: ['evil.example'], misspelt: 1 },
      forgotPasswordMethods: ['EmailVerificationCode'],
    }
    const { status, body } = await context.logto('PATCH', '/sign-in-exp', change)
    const emailBlocklistPolicy = { customBlocklist: ['evil.example'] }
    expect([status, body.emailBlocklistPolicy]).toEqual([200, emailBlocklistPolicy])
    expect(body.forgotPasswordMethods).toEqual(['EmailVerificationCode'])
    for (const name of Object.keys(change)) expect(await open()).not.toHaveProperty(name)
  })

  it.each([
    ...[{ color: { primaryColor: 'red' } }, { mfa: { factors: ['Sms'], policy: 'Mandatory' } }],
    ...[{ termsOfUseUrl: 'terms' }, { supportEmail: 'nobody' }, { customCss: 1 }],
    ...[{ singleSignOnEnabled: 'true' }, { singleSignOnEnabled: null }, { signInMode: 'Never' }, []],
  ])('change %j, ill-typed, is 400 guard.invalid_input', async (change) => {
    const answer = await context.logto('PATCH', '/sign-in-exp', change)
    expect([answer.status, answer.body.code]).toEqual([400, 'guard.invalid_input'])
  })
})

describe('hooks of the Management API', () => {
  beforeEach(() => {
    context.sandbox.tenant.hooks.length = 0
  })
  const create = (change: object = {}) =>
    context.logto('POST', '/hooks', {
      name: 'people who leave',
      events: ['User.Deleted', 'User.SuspensionStatus.Updated'],
      config: { url: 'http://localhost:3000/webhook' },
      ...change,
    })

  it('hook, made, is 201 with the key its deliveries would be signed with', async () => {
    const { status, body } = await create()
    expect(status).toBe(201)
    expect(body).toEqual({
      tenantId: 'default',
      id: expect.stringMatching(/^[0-9a-z]{21}$/),
      name: 'people who leave',
      event: null,
      events: ['User.Deleted', 'User.SuspensionStatus.Updated'],
      config: { url: 'http://localhost:3000/webhook' },
      signingKey: expect.stringMatching(/^\w{32}$/),
      enabled: true,
      createdAt: expect.any(Number),
    })
    expect((await context.logto('GET', `/hooks/${body.id}`)).body).toEqual(body)
    expect((await context.logto('GET', '/hooks')).body).toEqual([body])
    const paged = await context.logto('GET', '/hooks?page=2')
    expect([paged.headers.get('total-number'), paged.body]).toEqual(['1', []])
  })

  it('hook, made with what may be left out, has it once and without what is unknown', async () => {
    const config = { url: 'x', headers: { a: 'b' }, retries: 3 }
    const { body } = await create({
      name: undefined,
      event: 'PostSignIn',
      events: ['User.Deleted', 'User.Deleted'],
      config: { ...config, misspelt: 1 },
      enabled: false,
      signingKey: 'mine',
    })
    expect(body).toMatchObject({ name: '', event: 'PostSignIn', events: ['User.Deleted'], enabled: false })
    expect(body.config).toEqual(config)
    expect(body.signingKey).not.toBe('mine')
    const single = await create({ event: 'PostSignIn', events: undefined })
    expect(single.body).toMatchObject({ event: 'PostSignIn', events: [] })
    const none = await create({ events: undefined })
    expect([none.status, none.body.code]).toEqual([400, 'hook.missing_events'])
  })

  it('hook, changed, keeps what is not named', async () => {
    const { body: made } = await create({ config: { url: 'x', headers: { a: 'b' } } })
    const { status, body } = await context.logto('PATCH', `/hooks/${made.id}`, {
      events: ['User.Deleted', 'User.Deleted'],
      config: { url: 'y' },
      signingKey: 'mine',
    })
    expect(status).toBe(200)
    expect(body).toEqual({ ...made, events: ['User.Deleted'], config: { url: 'y' } })
    const off = await context.logto('PATCH', `/hooks/${made.id}`, { enabled: false })
    expect(off.body).toEqual({ ...body, enabled: false })
  })

  it('hook, deleted, is gone', async () => {
    const { body } = await create()
    expect((await context.logto('DELETE', `/hooks/${body.id}`)).status).toBe(204)
    expect(context.sandbox.tenant.hooks).toEqual([])
  })
})

describe('the ID token configuration of the Management API', () => {
  const defaults = ['roles', 'organizations', 'organization_roles']
  const put = (body: unknown) => context.logto('PUT', '/configs/id-token', body)

  beforeEach(() => {
    Object.assign(context.sandbox.tenant.idToken, { enabledExtendedClaims: defaults, isInPlan: true })
  })

  it('list, at first, is Logto’s, and set it is another, given back', async () => {
    const { status, body } = await context.logto('GET', '/configs/id-token')
    expect([status, body]).toEqual([200, { enabledExtendedClaims: defaults }])
    const wanted = { enabledExtendedClaims: [...defaults, 'sso_identities'] }
    expect(await put(wanted)).toMatchObject({ status: 200, body: wanted })
    expect((await context.logto('GET', '/configs/id-token')).body).toEqual(wanted)
  })

  it('claim, unknown, is 400 that names those there are', async () => {
    const { status, body } = await put({ enabledExtendedClaims: ['roles', 'sso_identity'] })
    expect([status, body.code]).toEqual([400, 'guard.invalid_input'])
    expect(body.details).toContain("'sso_identities'")
    expect((await context.logto('GET', '/configs/id-token')).body.enabledExtendedClaims).toEqual(defaults)
  })

  it('plan, without it, answers 403 and changes nothing', async () => {
    context.sandbox.tenant.idToken.isInPlan = false
    expect((await put({ enabledExtendedClaims: ['sso_identities'] })).status).toBe(403)
    expect((await context.logto('GET', '/configs/id-token')).body.enabledExtendedClaims).toEqual(defaults)
  })
})
