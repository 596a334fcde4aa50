import { describe, expect, it } from 'vitest'
import { signIn, startSignIn, testApp, visit } from '../../support/app.ts'

const settings = { BASE_URL: 'http://localhost:3000' }

describe('a request for another host', () => {
  it.each([
    '127.0.0.1:3000',
    '127.0.0.1',
    '[::1]:3000',
    'other.test',
    'localhost.evil.test',
    'localhost.',
    ':',
    '%',
  ])('host %s, sign-in, begins at BASE_URL and not here', async (host) => {
    const { browser, logto } = testApp({ settings })
    const response = await browser().get('/sign-in').set({ host })
    expect(response).toRedirectTo('http://localhost:3000/sign-in?host_checked=1')
    expect(response.headers['set-cookie']).toBeUndefined()
    expect(response.headers['cache-control']).toBe('private, no-store')
    expect(logto.calls).toEqual([])
  })

  it('host 127.0.0.1, redirected, signs in to where it wanted', async () => {
    const test = testApp({ settings })
    const path =
      '/sign-in?return_to=%2Fdeep%3Fa%3D1%26b%3D%2523&login_hint=a%40b.example&prompt=login%20consent'
    const elsewhere = await test.browser().get(path).set('host', '127.0.0.1:3000')
    const { origin, pathname, search } = new URL(elsewhere.headers.location ?? '')
    expect(origin).toBe('http://localhost:3000')
    const browser = test.browser()
    const parameters = await startSignIn(browser, pathname + search)
    expect(parameters.get('login_hint')).toBe('a@b.example')
    expect(await signIn(browser, test, pathname + search)).toRedirectTo(
      'http://localhost:3000/deep?a=1&b=%23',
    )
    expect(test.logs.filter(({ level }) => level === 40)).toEqual([])
  })

  it.each([
    ['/sign-up', '/sign-up?host_checked=1'],
    ['/sign-in?', '/sign-in?host_checked=1'],
    ['/sign-in/acme?return_to=/x', '/sign-in/acme?host_checked=1&return_to=/x'],
    ['/Sign-In/?a=1', '/Sign-In/?host_checked=1&a=1'],
    ['/sign-in?a=//evil.test', '/sign-in?host_checked=1&a=//evil.test'],
    ['/sign-in?a=%0d%0aset-cookie:x', '/sign-in?host_checked=1&a=%0d%0aset-cookie:x'],
    ['/sign-in?host=evil.test&host_checke=1', '/sign-in?host_checked=1&host=evil.test&host_checke=1'],
  ])('host other.test, %s, keeps path and query', async (path, expected) => {
    const response = await testApp({ settings }).browser().get(path).set('host', 'other.test')
    expect(response).toRedirectTo(`http://localhost:3000${expected}`)
  })

  it('host other.test, app under a path, is sent below it', async () => {
    const { browser } = testApp({ settings: { BASE_URL: 'https://app.test/some/path' } })
    const response = await browser()
      .get('/some/path/sign-in?return_to=/some/path/x')
      .set('host', 'other.test')
    expect(response).toRedirectTo('https://app.test/some/path/sign-in?host_checked=1&return_to=/some/path/x')
  })

  it.each(['localhost:3000', 'LOCALHOST:3000', 'localhost', 'localhost:8080'])(
    'host %s, which shares its cookies with BASE_URL, signs in at once',
    async (host) => {
      const { browser } = testApp({ settings })
      const response = await browser().get('/sign-in').set({ host })
      expect(response.headers.location).toMatch(/^https:\/\/logto\.test\//)
    },
  )

  it('host rewritten by a proxy, sign-in, goes on after one redirect and says once how to fix it', async () => {
    const test = testApp({ settings: { BASE_URL: 'https://app.test' } })
    const asProxied = { host: 'app.internal:3000' }
    for (let times = 0; times < 3; times++) {
      const first = await visit(test, '/sign-in?return_to=/deep', asProxied)
      const { pathname, search } = new URL(first.headers.location ?? '')
      const second = await visit(test, pathname + search, asProxied)
      expect(second.headers.location).toMatch(/^https:\/\/logto\.test\//)
    }
    const lines = test.logs.filter(({ msg }) => String(msg).includes('X-Forwarded-Host'))
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatchObject({ level: 40, msg: expect.stringContaining('BASE_URL') })
    expect(JSON.stringify(lines)).not.toContain('internal')
  })

  it('host rewritten by a proxy, its X-Forwarded-Host trusted, signs in at once', async () => {
    const { browser } = testApp({ settings: { BASE_URL: 'https://app.test', TRUST_PROXY: '1' } })
    const headers = { host: 'app.internal', 'x-forwarded-host': 'app.test' }
    const response = await browser().get('/sign-in').set(headers)
    expect(response.headers.location).toMatch(/^https:\/\/logto\.test\//)
  })

  it('host other.test, X-Forwarded-Host from a stranger, is not believed', async () => {
    const headers = { host: 'other.test', 'x-forwarded-host': 'localhost' }
    const response = await testApp({ settings }).browser().get('/sign-in').set(headers)
    expect(response).toRedirectTo('http://localhost:3000/sign-in?host_checked=1')
  })

  it('host other.test, a login begun by a form, goes on at BASE_URL', async () => {
    const response = await testApp({ settings })
      .browser()
      .post('/sign-in')
      .type('form')
      .send({ iss: 'https://acme.okta.test' })
      .set('host', 'other.test')
    expect(response).toRedirectTo('http://localhost:3000/sign-in?iss=https%3A%2F%2Facme.okta.test')
  })

  it.each(['/', '/callback', '/sign-out', '/sso/assets/style.css'])(
    'host other.test, %s, is answered here',
    async (path) => {
      const response = await testApp({ settings }).browser().get(path).set('host', 'other.test')
      expect(response.headers.location ?? '').not.toContain('host_checked')
    },
  )
})
