import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cookieShape } from '../../../src/sso/session/session-cookie.ts'
import { callbackPath, testApp } from '../../support/app.ts'
import { startNginx, withoutNginx } from '../../support/nginx.ts'

/** Bytes of headers that nginx takes of an answer by default (`proxy_buffer_size`). */
const most = 4096

const companies = Array.from({ length: 20 }, (_, number) => ({
  id: `connector-of-company-${number}`,
  name: `Company ${number}`,
  issuer: `https://company-${number}.okta.test`,
  domains: [`company-${number}.test`],
}))
const settings = {
  NODE_ENV: 'production',
  BASE_URL: 'https://app.test',
  SESSION_STORE: 'memory',
  TRUST_PROXY: '1',
  LOGTO_WEBHOOK_SIGNING_KEY: 'a-key-for-tests-0123456789-abcdef',
  API_RESOURCE: 'https://api.app.test/a-resource-of-its-own',
  SSO_CONNECTORS: JSON.stringify(companies),
}

/** Text that nothing can shorten, the same for every run. */
function scrambled(length: number, letters: string): string {
  let seed = 1
  const next = () => (seed = (seed * 48271) % 2147483647)
  return Array.from({ length }, () => letters[next() % letters.length]).join('')
}

const hex = '0123456789abcdef'
const base64url = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
/** Deep links that are kept. */
const kept: Array<[what: string, path: string]> = [
  ['short', '/reports?filter=x'],
  ['of one letter', `/reports?filter=${'x'.repeat(1950)}`],
  ['of 1,950 digits of a signature', `/reports?filter=${scrambled(1950, hex)}`],
  ['of 1,500 letters of a token', `/reports?filter=${scrambled(1500, base64url)}`],
  ['of a Japanese query', `/reports?filter=${encodeURIComponent('検索条件'.repeat(50))}`],
  ['of many fields', `/reports?${'a=1&b=/2&'.repeat(200)}c=3`],
]
/** Deep links that are not. */
const refused: Array<[what: string, path: string]> = [
  ['of 2,600 letters of a token', `/reports?filter=${scrambled(2600, base64url)}`],
  ['longer than an address of ours', `/reports?filter=${'x'.repeat(6000)}`],
]
const manyCookies = Array.from(
  { length: 60 },
  (_, number) =>
    `${cookieShape({ baseUrl: settings.BASE_URL }, 'try').name}.mabcdefgh${number}abcd=${'v'.repeat(43)}`,
).join('; ')
const longHints = [`${'a'.repeat(245)}@acme.test`, '%'.repeat(320), '検'.repeat(320)]

interface Answer {
  status: number
  location: string
  cookies: string[]
  text: string
  /** Bytes of the status line and the headers. */
  size: number
}

function get(base: string, path: string, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { headers: { host: 'app.test', accept: 'text/html', ...headers } }
    request(base + path, options, (res) => {
      let text = ''
      res.setEncoding('utf8').on('data', (chunk) => (text += chunk))
      res.on('end', () => {
        const lines = res.rawHeaders.reduce((sum, part) => sum + Buffer.byteLength(part) + 2, 0)
        resolve({
          status: res.statusCode ?? 0,
          location: res.headers.location ?? '',
          cookies: res.headers['set-cookie'] ?? [],
          text,
          size: `HTTP/1.1 ${res.statusCode} ${res.statusMessage}\r\n\r\n`.length + lines,
        })
      })
    })
      .once('error', reject)
      .end()
  })
}

const pathOf = (location: string) => location.slice(location.indexOf('/', 8))
const cookieHeader = (cookies: string[]) => cookies.map((cookie) => cookie.split(';')[0]).join('; ')

describe('headers of answers', () => {
  const test = testApp({ settings })
  let server: Server
  let base: string

  beforeAll(async () => {
    server = createServer(test.app)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => server.close())

  /** From the guard of a page over Logto back to it, each answer short. */
  async function journey(at: string, path: string): Promise<Answer[]> {
    const guarded = await get(at, path.replace('/reports', '/profile'))
    const begun = await get(at, pathOf(guarded.location), { cookie: manyCookies })
    const state = new URL(begun.location).searchParams.get('state') ?? ''
    const callback = callbackPath({ code: test.logto.code(), state })
    const ended = await get(at, callback, { cookie: cookieHeader(begun.cookies) })
    return [guarded, begun, ended]
  }

  it.each(kept)('deep link, %s, comes back, with short headers all the way', async (_what, path) => {
    const answers = await journey(base, path)
    expect(answers.map(({ status }) => status)).toEqual([303, 303, 303])
    expect(answers.at(-1)?.location).toBe(`https://app.test${path.replace('/reports', '/profile')}`)
    for (const { size } of answers) expect(size).toBeLessThan(most)
    for (const way of ['/sign-in', '/sign-in/company-1']) {
      const direct = await get(base, `${way}?return_to=${path.replaceAll('&', '%26')}`, {
        cookie: manyCookies,
      })
      expect(direct.status).toBe(303)
      expect(direct.size).toBeLessThan(most)
    }
  })

  it.each(refused)('deep link, %s, is not forgotten in silence', async (_what, path) => {
    const ways = [
      path.replace('/reports', '/profile'),
      `/sign-in?return_to=${encodeURIComponent(path)}`,
      `/sign-in?iss=${companies[0]?.issuer}&target_link_uri=${encodeURIComponent(`https://app.test${path}`)}`,
    ]
    for (const way of ways) {
      const first = await get(base, way)
      // The guard leaves it to the sign-in.
      const said = first.status === 303 ? await get(base, pathOf(first.location)) : first
      expect(said.status, way).toBe(414)
      expect(said.text).toContain('data-error="address_too_long"')
      expect(said.cookies).toEqual([])
      expect(first.size).toBeLessThan(most)
      expect(said.size).toBeLessThan(most)
    }
  })

  it.each(longHints)('hint, %s, leads on with short headers', async (hint) => {
    const query = new URLSearchParams({ login_hint: hint, ui_locales: 'en ja', prompt: 'login consent' })
    for (const returnTo of ['/', `/reports?filter=${scrambled(900, hex)}`]) {
      const { status, size } = await get(base, `/sign-in?${query}&return_to=${encodeURIComponent(returnTo)}`)
      expect(status).toBe(303)
      expect(size).toBeLessThan(most)
    }
  })

  it.each([
    '/',
    '/healthz',
    '/nowhere',
    '/callback?state=x',
    '/sign-out',
    '/sign-in/nobody',
    '/sign-in/company-1',
    '/sign-in?iss=https://nobody.test',
    '/api/me',
  ])('%s, asked for with 60 cookies of ours in Japanese, has short headers', async (path) => {
    const { size } = await get(base, path, { cookie: manyCookies, 'accept-language': 'ja' })
    expect(size).toBeLessThan(most)
  })

  it('redirect to BASE_URL, of an address too long for one, says so', async () => {
    const path = `/sign-in?return_to=/${'x'.repeat(5000)}`
    expect((await get(base, path, { host: 'other.test' })).status).toBe(414)
  })

  it('language, switched on a page whose address is too long to go back to, says so', async () => {
    const { status } = await testApp()
      .browser()
      .post(`/sso/language?to=ja&return_to=/${'x'.repeat(5000)}`)
    expect(status).toBe(414)
  })

  describe.skipIf(withoutNginx)('behind a real nginx with its default buffers', () => {
    it.each([...kept, ...refused])('deep link, %s, never ends in a 502', async (_what, path) => {
      const nginx = await startNginx(base)
      try {
        const way = `/sign-in?return_to=${path.replaceAll('&', '%26')}`
        const { status } = await get(nginx.url, way, { cookie: manyCookies })
        expect(status).toBe(refused.some(([, other]) => other === path) ? 414 : 303)
      } finally {
        await nginx.close()
      }
    })
  })
})
