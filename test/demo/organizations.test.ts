import { describe, expect, it } from 'vitest'
import { memoryBackend } from '../../src/sso/session/backend/memory-backend.ts'
import { fromText, type SignedIn } from '../../src/sso/session/session-data.ts'
import { paths } from '../../src/testing/fake-logto.ts'
import { down, hang, refuse } from '../../src/testing/logto-answers.ts'
import { audits, signedIn } from '../sso/logto/logto-calls.ts'
import { type Browser, baseUrl, testApp } from '../support/app.ts'

const html = { accept: 'text/html' }
const member = {
  organizations: ['acme', 'beta'],
  organization_roles: ['acme:member', 'acme:admin', 'acmes:x'],
}

const ask = (browser: Browser, organization: string, headers: Record<string, string> = { origin: baseUrl }) =>
  browser.post('/organizations').set(html).set(headers).type('form').send({ organization })

function organizationApp() {
  const backend = memoryBackend({ idle: 3_600_000 })
  const test = testApp({ backend })
  test.logto.claims = member
  test.logto.organizations = { acme: { scope: 'read:invoices' }, gone: {} }
  const stored = async () => {
    const [row] = await backend.findByName('sub:user-1')
    return fromText(row?.text ?? '') as SignedIn
  }
  return { ...test, stored }
}

describe('GET /organizations', () => {
  it('organizations, of a member, are named with the roles in each', async () => {
    const test = organizationApp()
    test.logto.info = { organization_data: [{ id: 'acme', name: 'Acme', description: 'Rockets' }] }
    const { text, status } = await (await signedIn(test)).get('/organizations').set(html)
    expect(status).toBe(200)
    expect(text).toContain('<h2>Acme</h2>')
    expect(text).toContain('Rockets')
    expect(text).toContain('member, admin')
    expect(text).toContain('<h2>beta</h2>')
    expect(text).not.toContain('data-notice="away"')
  })

  it('organizations, of which userinfo knows more than the ID token, are those of userinfo', async () => {
    const test = organizationApp()
    test.logto.info = { organizations: ['acme', 'joined'], organization_roles: ['acme:auditor'] }
    test.logto.organizations = { joined: {} }
    const browser = await signedIn(test)
    const { text } = await browser.get('/organizations').set(html)
    expect(text).toContain('<h2>joined</h2>')
    expect(text).not.toContain('<h2>beta</h2>')
    expect(text).toContain('auditor')
    expect((await ask(browser, 'joined')).status).toBe(200)
    const asked = test.logto.callsTo(paths.token)
    expect(await ask(browser, 'beta')).toBeErrorPage(404)
    expect(test.logto.callsTo(paths.token)).toBe(asked)
  })

  it('organizations, of nobody’s, says so', async () => {
    const { text } = await (await signedIn(testApp())).get('/organizations').set(html)
    expect(text).toContain('You are not a member of any organization.')
  })

  it('organizations, Logto away, are called by their IDs', async () => {
    const test = organizationApp()
    test.logto.break(paths.userinfo, down)
    const { text } = await (await signedIn(test)).get('/organizations').set(html)
    expect(text).toContain('<h2>acme</h2>')
    expect(text).toContain('data-notice="away"')
  })
})

describe('POST /organizations', () => {
  it('claims, of a member’s token, are shown, and the token is nowhere', async () => {
    const test = organizationApp()
    const browser = await signedIn(test)
    const { text, status } = await ask(browser, 'acme')
    expect(status).toBe(200)
    expect(text).toContain('urn:logto:organization:acme')
    expect(text).toContain('read:invoices')
    expect(text).not.toMatch(/eyJ|the-refresh-token/)
    expect(text).toContain('return_to=%2Forganizations')
    expect(test.logto.tokenRequests.at(-1)?.body.get('organization_id')).toBe('acme')
    const { logto } = await test.stored()
    expect(Object.keys(JSON.parse(logto.accessToken ?? ''))).toEqual(['@'])
    expect(JSON.stringify(test.logs)).not.toMatch(/eyJ/)
  })

  it('claims, asked for all the time, cost Logto one call for all', async () => {
    const test = organizationApp()
    const browser = await signedIn(test)
    const asked = test.logto.callsTo(paths.token)
    for (let time = 0; time < 20; time++) expect((await ask(browser, 'acme')).status).toBe(200)
    expect(test.logto.callsTo(paths.token) - asked).toBe(1)
    expect(test.logto.callsTo(paths.userinfo)).toBeLessThan(4)
    // Of each organization, and of each session.
    test.logto.organizations.beta = { scope: 'read:orders' }
    expect((await ask(browser, 'beta')).text).toContain('read:orders')
    await ask(await signedIn(test), 'acme')
    expect(test.logto.tokenRequests.at(-1)?.body.get('organization_id')).toBe('acme')
  })

  it('refresh token, that comes with it, is kept, and so the session goes on', async () => {
    const test = organizationApp()
    test.logto.organizations.beta = {}
    test.logto.rotates = true
    const browser = await signedIn(test)
    const before = (await test.stored()).logto.refreshToken
    await ask(browser, 'acme')
    expect((await test.stored()).logto.refreshToken).not.toBe(before)
    expect((await ask(browser, 'beta')).status).toBe(200)
    await expect(browser).toBeSignedIn()
  })

  it('refresh token, that comes with a token nobody can read, is kept all the same', async () => {
    const test = organizationApp()
    const browser = await signedIn(test)
    test.logto.rotates = true
    test.logto.renewed = { key: 'stranger' }
    expect((await ask(browser, 'acme')).status).toBe(503)
    test.logto.renewed = {}
    expect((await ask(browser, 'acme')).status).toBe(200)
  })

  it('requests, ten at once with tokens that rotate, all succeed', async () => {
    const test = organizationApp()
    test.logto.rotates = true
    const browser = await signedIn(test)
    const answers = await Promise.all(Array.from({ length: 10 }, () => ask(browser, 'acme')))
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200))
    await expect(browser).toBeSignedIn()
  })

  it('ID token, that comes with it, counts from then on', async () => {
    const test = organizationApp()
    const browser = await signedIn(test)
    test.logto.renewed = { claims: { name: 'Erin Renamed' } }
    await ask(browser, 'acme')
    expect((await test.stored()).claims.name).toBe('Erin Renamed')
  })

  it.each(['gone', 'nowhere', 'acm', '', '@', '__proto__'])(
    'organization “%s”, the person no member, is a 404, and Logto is not asked',
    async (id) => {
      const test = organizationApp()
      const browser = await signedIn(test)
      const asked = test.logto.callsTo(paths.token)
      expect(await ask(browser, id)).toBeErrorPage(404)
      expect(test.logto.callsTo(paths.token)).toBe(asked)
    },
  )

  it('organization, that the person has left meanwhile, is a 404, and they stay signed in', async () => {
    const test = organizationApp()
    const browser = await signedIn(test)
    test.logto.renewed = { claims: { organizations: ['acme'] } }
    expect(await ask(browser, 'beta')).toBeErrorPage(404)
    // What Logto refused is newer than the ID token: what guards go by is renewed.
    const notes = (id: string) => browser.get(`/api/organizations/${id}/notes`)
    expect([(await notes('beta')).status, (await notes('acme')).status]).toEqual([403, 200])
    await expect(browser).toBeSignedIn()
  })

  it('somebody, suspended meanwhile, is signed out, and it is written down', async () => {
    const test = organizationApp()
    const browser = await signedIn(test)
    test.logto.renewed = undefined
    expect(await ask(browser, 'acme')).toBeErrorPage(401)
    await expect(browser).not.toBeSignedIn()
    expect(audits(test, 'ended')).toMatchObject([{ by: 'refresh_refused', sub: 'user-1' }])
  })

  it('somebody else, in the answer, ends the session', async () => {
    const test = organizationApp()
    const browser = await signedIn(test)
    test.logto.renewed = { claims: { sub: 'user-2' } }
    expect(await ask(browser, 'acme')).toBeErrorPage(401)
    await expect(browser).not.toBeSignedIn()
  })

  it.each([
    ['no connection', down],
    ['no answer', hang],
    ['an error of its own', async () => refuse(403, 'insufficient_scope')],
  ])('Logto, %s, is a 503, and nobody is signed out', async (_what, answer) => {
    const test = organizationApp()
    const browser = await signedIn(test)
    test.logto.break(paths.token, answer)
    expect(await ask(browser, 'acme')).toBeErrorPage(503)
    await expect(browser).toBeSignedIn()
    test.logto.restore(paths.token)
    expect((await ask(browser, 'acme')).status).toBe(200)
  })

  it.each([
    ['another site', { origin: 'https://evil.example' }],
    ['nobody known', { origin: 'null' }],
    ['another site, without an Origin', { 'sec-fetch-site': 'cross-site' }],
  ])('form, of %s, is refused', async (_what, headers) => {
    const test = organizationApp()
    const browser = await signedIn(test)
    const asked = test.logto.callsTo(paths.token)
    expect(await ask(browser, 'acme', headers as unknown as Record<string, string>)).toBeErrorPage(403)
    expect(test.logto.callsTo(paths.token)).toBe(asked)
  })

  it('stranger, with a form of ours, is a 401', async () => {
    expect(await ask(testApp().browser(), 'acme')).toBeErrorPage(401)
  })

  it('form, longer than ours, is a 413', async () => {
    const browser = await signedIn(organizationApp())
    expect(await ask(browser, 'a'.repeat(2000))).toBeErrorPage(413)
  })
})
