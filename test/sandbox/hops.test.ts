import { describe, expect, it } from 'vitest'
import { UserAgent } from '../support/user-agent.ts'
import { sandboxForTests, signInWithOkta } from './support.ts'

const context = sandboxForTests()
const address = (path = '/') => context.sandbox.logto.endpoint + path
const hops = async () => (await new UserAgent().open(address('/journey'))).text

describe('the journey in the control room', () => {
  it('journey, of a sign-in, is told hop by hop with what mattered', async () => {
    await signInWithOkta(context)
    const text = await hops()
    const order = [
      'Logto GET /oidc/auth',
      `client_id=${context.sandbox.logto.appId}`,
      'state=…',
      'to Okta /oauth2/v1/authorize',
      'Okta GET /oauth2/v1/authorize',
      'Okta GET /login/…',
      `Logto GET /callback/${context.sandbox.tenant.ssoConnectors[0]?.id}`,
      'code=…',
      'Okta POST /oauth2/v1/token',
      'Okta GET /oauth2/v1/userinfo',
      'Logto POST /oidc/token',
    ].map((words) => [words, text.lastIndexOf(words)] as const)
    for (const [words, index] of order) expect(index, words).toBeGreaterThan(-1)
    expect((await new UserAgent().open(address())).text).toContain('Logto GET /oidc/auth')
  })

  it('journey, whatever was sent, shows no code, state, token or interaction', async () => {
    const { browser, tokens } = await signInWithOkta(context)
    const secrets = (browser.page?.hops ?? []).flatMap((hop) => {
      const { searchParams } = new URL(hop)
      return ['code', 'state', 'nonce', 'code_challenge'].flatMap((name) => searchParams.getAll(name))
    })
    secrets.push(tokens.access_token, tokens.id_token ?? '', context.sandbox.password)
    await fetch(address('/oidc/auth?made_up=hush&login_hint=a%40b.test'), { redirect: 'manual' })
    const page = await new UserAgent().open(address('/journey'))
    for (const secret of secrets.filter(Boolean)) expect(page.body).not.toContain(secret)
    expect(page.text).toContain('made_up=…')
    expect(page.body).not.toContain('hush')
    expect(page.text).toContain('login_hint=a@b.test')
  })

  it('markup, in a path or a parameter, is text', async () => {
    await fetch(address('/x%3Cimg%3E?%3Cb%3E=1&scope=%3Ci%3E'))
    const { body } = await new UserAgent().open(address('/journey'))
    expect(body).not.toMatch(/<(img|b>|i>)/)
    expect(body).toContain('&lt;b&gt;')
  })

  it('journey, of more hops than are kept, forgets the oldest, and the page’s own looks count as none', async () => {
    for (let times = 0; times < 70; times += 1) await fetch(address(`/somewhere-${times}`))
    await hops()
    await fetch(address('/'))
    const text = await hops()
    expect(text.match(/no answer yet|→ \d+/g)).toHaveLength(60)
    expect(text).toContain('/somewhere-69')
    expect(text).not.toContain('/somewhere-9 ')
  })
})

describe('what else the control room shows', () => {
  it('accounts, settings and the way to the tile, are there and no secret', async () => {
    const { tenant, org, okta, password, webhookKey } = context.sandbox
    const page = await new UserAgent().open(address())
    const [connector] = tenant.ssoConnectors
    for (const words of [
      'contractor@acme.example',
      'is refused by Okta',
      'Enterprise SSO on',
      `Connector ID ${connector?.id}`,
      `Issuer ${okta.issuer}`,
      'Back-channel logout URI',
      '/webhooks/logto',
      'Initiate login URI',
      '(secret)',
    ]) {
      expect(page.text).toContain(words)
    }
    expect(page.body).toContain(`href="${okta.issuer}/"`)
    const secrets = [
      ...tenant.applications.flatMap(({ secrets, internalSecret }) => [
        internalSecret,
        ...secrets.map(({ value }) => value),
      ]),
      ...org.apps.map(({ credentials }) => credentials.oauthClient.client_secret ?? ''),
      ...org.apiTokens.map(({ value }) => value),
      password,
      webhookKey,
    ]
    for (const secret of secrets.filter(Boolean)) expect(page.body).not.toContain(secret)
  })

  it('script, of the page, is its own and the only one its policy lets run', async () => {
    const page = await new UserAgent().open(address())
    const nonce = /<script nonce="([^"]+)">/.exec(page.body)?.[1]
    expect(page.body.match(/<script/g)).toHaveLength(1)
    expect(page.headers.get('content-security-policy')).toContain(
      `connect-src 'self'; script-src 'nonce-${nonce}'`,
    )
    expect(nonce).not.toBe(/<script nonce="([^"]+)">/.exec((await new UserAgent().open(address())).body)?.[1])
  })
})
