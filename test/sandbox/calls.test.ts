import { parse } from 'node-html-parser'
import { describe, expect, it } from 'vitest'
import { UserAgent } from '../support/user-agent.ts'
import { atSignIn, EMPLOYEE, having, sandboxForTests, signInWithOkta, signOutUrl, toOkta } from './support.ts'

const context = sandboxForTests()
const address = (path = '/') => context.sandbox.logto.endpoint + path
/** What the log of calls says, white space folded. */
async function log() {
  const { body } = await new UserAgent().open(address())
  return parse(body).querySelector('#calls .scroll')?.textContent.replace(/\s+/g, ' ').trim() ?? ''
}

describe('the log of calls in the control room', () => {
  it('sign-in and sign-out, are told call by call: who called whom, and with what', async () => {
    const { browser } = await signInWithOkta(context)
    await browser.open(signOutUrl(context))
    await browser.submit()
    const connector = context.sandbox.tenant.ssoConnectors[0]?.id
    const order = [
      'Browser → Logto GET /oidc/auth 30',
      'to Okta /oauth2/v1/authorize',
      'Browser → Okta GET /oauth2/v1/authorize 30',
      'Browser → Okta GET /login/… 200',
      `Browser → Logto GET /callback/${connector} 303`,
      'code=…',
      'Logto → Okta POST /oauth2/v1/token 200',
      'Logto → Okta GET /oauth2/v1/userinfo 200',
      'App → Logto POST /oidc/token 200 grant_type=authorization_code',
      'Browser → Logto GET /oidc/session/end 200',
      'Logto → App POST /backchannel-logout 200 logout_token=…',
    ]
    const text = await log()
    expect(text).toContain(`client_id=${context.sandbox.logto.appId}`)
    expect(text).toContain('state=…')
    let from = 0
    for (const words of order) {
      const index = text.indexOf(words, from)
      expect(index, words).toBeGreaterThan(-1)
      from = index
    }
  })

  it('connector, that signs nobody in, is told with why', async () => {
    const [connector] = context.sandbox.tenant.ssoConnectors
    await having(connector?.config ?? {}, { clientSecret: 'wrong' }, async () => {
      const browser = await atSignIn(context)
      await toOkta(browser)
      await browser.submit({ username: EMPLOYEE, password: context.sandbox.password })
    })
    expect(await log()).toContain(`${connector?.connectorName} refused the sign-in: invalid_client.`)
  })

  it('log, whatever was sent, shows no code, state, token or interaction', async () => {
    const { browser, tokens } = await signInWithOkta(context)
    const secrets = (browser.page?.hops ?? []).flatMap((hop) => {
      const { searchParams } = new URL(hop)
      return ['code', 'state', 'nonce', 'code_challenge'].flatMap((name) => searchParams.getAll(name))
    })
    secrets.push(tokens.access_token, tokens.id_token ?? '', context.sandbox.password)
    await fetch(address('/oidc/auth?made_up=hush&login_hint=a%40b.test'), { redirect: 'manual' })
    const page = await new UserAgent().open(address())
    for (const secret of secrets.filter(Boolean)) expect(page.body).not.toContain(secret)
    expect(page.text).toContain('made_up=…')
    expect(page.body).not.toContain('hush')
    expect(page.text).toContain('login_hint=a@b.test')
  })

  it('markup, in a path or a parameter, is text', async () => {
    await fetch(address('/x%3Cimg%3E?%3Cb%3E=1&scope=%3Ci%3E'))
    const { body } = await new UserAgent().open(address())
    expect(body).not.toMatch(/<(img|b>|i>)/)
    expect(body).toContain('&lt;b&gt;')
  })

  it('calls, more than are kept, forget the oldest, and the page’s own are none', async () => {
    for (let times = 0; times < 70; times += 1) await fetch(address(`/somewhere-${times}`))
    await log()
    const text = await log()
    expect(text.match(/→/g)).toHaveLength(60)
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
      ...['contractor@acme.example', 'is refused by Okta', 'Enterprise SSO on', '/webhooks/logto'],
      ...[`Connector ID ${connector?.id}`, `Issuer ${okta.issuer}`, '(secret)'],
      ...['Back-channel logout URI', 'Initiate login URI'],
    ])
      expect(page.text).toContain(words)
    expect(page.body).toContain(`href="${okta.issuer}/"`)
    const secrets = [
      ...tenant.applications.map(({ internalSecret }) => internalSecret),
      ...tenant.applications.flatMap(({ secrets }) => secrets.map(({ value }) => value)),
      ...org.apps.map(({ credentials }) => credentials.oauthClient.client_secret ?? ''),
      ...[...org.apiTokens.map(({ value }) => value), password, webhookKey],
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
