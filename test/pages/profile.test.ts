import { describe, expect, it } from 'vitest'
import { signedIn } from '../auth/logto-calls.ts'
import { callbackPath, startSignIn, testApp } from '../support/app.ts'
import {
  type Answer,
  breakOff,
  down,
  endpoint,
  flood,
  hang,
  paths,
  refuse,
  stall,
} from '../support/fake-logto.ts'

const html = { accept: 'text/html' }
const acme = {
  issuer: 'https://acme.okta.example',
  identityId: 'okta-1',
  detail: { email: 'erin@acme.example' },
}

/** The profile of somebody of whom Logto says this. */
async function profileOf({
  claims = {},
  info = {},
  answer,
}: {
  claims?: Record<string, unknown>
  info?: Record<string, unknown>
  answer?: Answer
} = {}) {
  const test = testApp()
  test.logto.info = info
  if (answer) test.logto.break(paths.userinfo, answer)
  const browser = await signedIn(test, claims)
  return { response: await browser.get('/profile').set(html), logs: test.logs }
}

describe('GET /profile', () => {
  it('profile, of somebody from a company, says how, who, where, and until when', async () => {
    const { response } = await profileOf({
      claims: { organizations: ['acme'], organization_roles: ['acme:member'], roles: ['employee'] },
      info: {
        sso_identities: [acme],
        organization_data: [{ id: 'acme', name: 'Acme Corporation', description: null }],
      },
    })
    expect(response.status).toBe(200)
    expect(response.headers['cache-control']).toBe('private, no-store')
    for (const words of [
      'Erin Employee',
      'employee@acme.example',
      'acme.okta.example (company account)',
      'erin@acme.example',
      'employee</dd>',
      'Acme Corporation',
      'Signed in since',
      'at the latest',
      '<code>sso_<wbr>identities</code>',
      '<code>sub</code>',
    ]) {
      expect(response.text).toContain(words)
    }
    expect(response.text).toContain('>EE</span>')
  })

  it('profile, whoever it is, shows no token', async () => {
    const { response } = await profileOf()
    expect(response.text).not.toMatch(/the-access-token|the-refresh-token|eyJ/)
  })

  it.each([
    ['nothing of another’s', {}, 'Account of this service'],
    ['a social identity', { identities: { google: { userId: '1' } } }, 'google'],
    ['identities nobody can read', { identities: 7, sso_identities: 'x' }, 'Account of this service'],
    ['an identity without details', { sso_identities: [{ ...acme, detail: undefined }] }, 'okta-1'],
  ])('profile, userinfo with %s, says how', async (_what, info, words) => {
    expect((await profileOf({ info })).response.text).toContain(words)
  })

  it.each<[string, Answer]>([
    ['no connection', down],
    ['no answer in time', hang],
    ['an answer without end', stall],
    ['an answer that breaks off', breakOff],
    ['more than anybody would read', flood],
    ['a refusal', async () => refuse(401, 'invalid_token')],
    ['an error page', async () => new Response('<h1>oops</h1>', { status: 502 })],
    ['somebody else’s', async () => Response.json({ sub: 'user-2', name: 'Mallory' })],
  ])('profile, Logto gives %s, shows what the ID token says and a sentence', async (_what, answer) => {
    const { response, logs } = await profileOf({ answer, claims: { roles: ['employee'] } })
    expect(response.status).toBe(200)
    expect(response.text).toContain('The sign-in service does not answer at the moment')
    expect(response.text).toContain('Not known at the moment')
    expect(response.text).toContain('employee</dd>')
    expect(response.text).not.toContain('Mallory')
    expect(logs.filter(({ msg }) => msg === 'userinfo was not read')).toHaveLength(1)
  })

  it('profile, an access token that has run out, refreshes nothing', async () => {
    const test = testApp()
    test.logto.expiresIn = 1
    test.logto.renewed = undefined
    const browser = await signedIn(test)
    // As if the renewal was failing for now: the session goes on with what it has.
    test.logto.break(paths.token, down)
    await expect
      .poll(async () => (await browser.get('/profile').set(html)).text, { timeout: 3000 })
      .toContain('does not answer')
    expect(test.logto.callsTo(paths.token)).toBeLessThanOrEqual(2)
  })

  it('picture, of Logto’s own, is shown, and this page alone may show it', async () => {
    const test = testApp()
    const picture = `${endpoint}/avatars/1.png`
    const browser = await signedIn(test, { picture })
    const profile = await browser.get('/profile').set(html)
    expect(profile.text).toContain(`src="${picture}"`)
    expect(profile.headers['content-security-policy']).toContain(`img-src 'self' ${endpoint};`)
    const home = await browser.get('/')
    expect(home.headers['content-security-policy']).toContain("img-src 'self';")
  })

  it('picture, of a Logto on http, is not shown', async () => {
    const test = testApp({ settings: { LOGTO_ENDPOINT: 'http://logto.test' } })
    const browser = test.browser()
    const picture = 'http://logto.test/avatars/1.png'
    const state = (await startSignIn(browser)).get('state') ?? ''
    await browser.get(callbackPath({ code: test.logto.code({ claims: { picture } }), state }))
    expect((await browser.get('/profile').set(html)).text).not.toContain('<img')
  })

  it.each([
    'http://logto.test/avatars/1.png',
    'https://elsewhere.test/1.png',
    'https://logto.test.evil.test/1.png',
    'https://logto.test@evil.test/1.png',
    'data:image/png;base64,AAAA',
    'javascript:alert(1)',
    '/avatars/1.png',
    '',
    7,
    null,
  ])('picture, at %s, is not shown: initials are', async (picture) => {
    const { response } = await profileOf({ claims: { picture } })
    expect(response.text).not.toContain('<img')
    expect(response.text).toContain('>EE</span>')
    expect(response.headers['content-security-policy']).toContain("img-src 'self';")
  })

  it.each([
    ['Erin', 'E'],
    ['Erin van Dyke', 'ED'],
    ['  ', 'EE'],
    ['渡辺 花子', '渡花'],
    ['𠮷田', '𠮷'],
  ])('initials, of %s, are %s', async (name, initials) => {
    const { response } = await profileOf({ claims: { name: name.trim() || null, email: 'erin.e@x.test' } })
    expect(response.text).toContain(`>${name.trim() ? initials : 'ET'}</span>`)
  })

  it('claims, whatever is in them, are text', async () => {
    const { response } = await profileOf({
      info: { name: '<script>alert(1)</script>', custom: { deep: '<b>' }, exp: 1e300, iat: 1 },
    })
    expect(response.status).toBe(200)
    expect(response.text).not.toMatch(/<script>|<b>/)
  })
})
