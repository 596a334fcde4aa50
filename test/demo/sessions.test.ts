import { parse } from 'node-html-parser'
import { describe, expect, it, vi } from 'vitest'
import { sessionReference } from '../../src/sso/request.ts'
import { memoryBackend } from '../../src/sso/session/backend/memory-backend.ts'
import { endpoint, paths } from '../../src/testing/fake-logto.ts'
import { down } from '../../src/testing/logto-answers.ts'
import { audits, signedIn } from '../sso/logto/logto-calls.ts'
import { type Browser, baseUrl, signIn, testApp } from '../support/app.ts'

const html = { accept: 'text/html' }
const post = (
  browser: Browser,
  path: string,
  fields: Record<string, string> = {},
  headers: Record<string, string> = { origin: baseUrl },
) => browser.post(path).set(html).set(headers).type('form').send(fields)

const references = (text: string) =>
  [...text.matchAll(/name="session" value="([0-9a-f]{12})"/g)].map(([, reference = '']) => reference)

async function sessionsApp() {
  const backend = memoryBackend({ idle: 3_600_000 })
  const test = testApp({ backend, settings: { TRUST_PROXY: '1' } })
  const [here, there, elsewhere] = [await signedIn(test), await signedIn(test), await signedIn(test)]
  const stranger = await signedIn(test, { sub: 'user-2' })
  const strangers = (await backend.findByName('sub:user-2')).map(({ id }) => sessionReference(id))
  const page = async (browser = here) => (await browser.get('/sessions').set(html)).text
  return { ...test, backend, here, there, elsewhere, stranger, strangers, page }
}

describe('GET /sessions', () => {
  it('sessions, the person’s own, are all there, this one first and marked', async () => {
    const { page, strangers, here, there } = await sessionsApp()
    const listed = references(await page())
    expect(listed).toHaveLength(3)
    expect(listed).not.toContain(strangers[0])
    expect((await page()).match(/data-this/g)).toHaveLength(1)
    const [card] = devicesOn(await page())
    expect(card?.times?.[0]).toBeDefined()
    expect(card?.times?.at(-1)).not.toBe(card?.times?.[0])
    expect(references(await page(there))[0]).not.toBe(references(await page(here))[0])
  })

  it.each([
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0',
      'Firefox on Windows',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
      'Safari on iOS',
    ],
    ['curl/8.5.0', 'Unknown device|curl'],
    ['<script>alert(1)</script>', 'Unknown device|&lt;script'],
    ['', 'Unknown device'],
    [`Firefox/1 ${'('.repeat(8000)}`, 'Firefox|Unknown device'],
  ])('device, of the browser %s, is told in words', async (agent, words) => {
    const test = testApp({ settings: { TRUST_PROXY: '1' } })
    const browser = test.browser().set('user-agent', agent).set('x-forwarded-for', '203.0.113.7')
    await signIn(browser, test)
    const { text } = await browser.get('/sessions').set(html)
    expect(text).toMatch(new RegExp(words))
    expect(text).not.toContain('<script>')
    expect(text).toContain('203.0.113.7')
  })

  it('session, from before places were kept, is listed all the same', async () => {
    const test = await sessionsApp()
    for (const { id, text } of await test.backend.findByName('sub:user-1')) {
      const { from: _, ...session } = JSON.parse(text)
      await test.backend.replace({ id, text: JSON.stringify(session) }, text)
    }
    expect(references(await test.page())).toHaveLength(3)
    expect(await test.page()).toContain('Unknown device')
  })

  it('session ID, of any session, is nowhere on the page', async () => {
    const { page, backend } = await sessionsApp()
    for (const { id } of await backend.findByName('sub:user-1')) expect(await page()).not.toContain(id)
  })
})

/** What a card says of a device. */
const devicesOn = (text: string) =>
  parse(text)
    .querySelectorAll('[data-device]')
    .map((card) => ({
      count: card.querySelector('[data-count]')?.textContent ?? '1',
      isThis: card.querySelector('.badge') !== null,
      sessions: card.querySelectorAll('[data-session]').map((each) => each.getAttribute('data-session')),
      times: card
        .querySelectorAll('dl.facts')[0]
        ?.querySelectorAll('time')
        .map((time) => time.getAttribute('datetime')),
    }))

describe('devices on /sessions', () => {
  const firefox = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0'
  const safari =
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15'

  /** Somebody signed in by 13 times the same browser, and once by another. */
  async function manyTimes() {
    const test = testApp()
    const browsers: Browser[] = []
    for (let times = 0; times < 14; times++) {
      browsers.push(test.browser().set('user-agent', times === 5 ? safari : firefox))
      await signIn(browsers[times] as Browser, test)
    }
    const [here, there] = [browsers[0], browsers[5]] as [Browser, Browser]
    const devices = async (browser = here) => devicesOn((await browser.get('/sessions').set(html)).text)
    return { ...test, here, there, devices }
  }

  it('sessions, of one browser on one system, are one card, this one’s first and marked', async () => {
    const { devices, there } = await manyTimes()
    expect(await devices()).toMatchObject([
      { count: '13', isThis: true },
      { count: '1', isThis: false },
    ])
    expect((await devices())[0]?.sessions).toHaveLength(13)
    expect(await devices(there)).toMatchObject([
      { count: '1', isThis: true },
      { count: '13', isThis: false },
    ])
  })

  it('device, ended, is gone with all its sessions, but for the one that asks', async () => {
    const { devices, here, there } = await manyTimes()
    const [mine] = await devices()
    const device = mine?.sessions[3] ?? ''
    expect(await post(here, '/sessions/end', { device })).toRedirectTo(`${baseUrl}/sessions`)
    expect((await devices()).map(({ count }) => count)).toEqual(['1', '1'])
    await expect(here).toBeSignedIn()
    expect(await post(there, '/sessions/end', { device: mine?.sessions[0] ?? '' })).toRedirectTo(
      `${baseUrl}/sessions`,
    )
    await expect(here).not.toBeSignedIn()
    await expect(there).toBeSignedIn()
  })

  it.each(['', '000000000000'])('device, named as “%s”, is a 404', async (device) => {
    const { here } = await sessionsApp()
    expect(await post(here, '/sessions/end', { device })).toBeErrorPage(404)
  })

  it('session, used meanwhile, says when it was seen last, to five minutes', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    const { devices, here, there } = await manyTimes()
    const seen = async () => (await devices())[1]?.times?.[1]
    const first = await seen()
    const minutes = (many: number) => vi.setSystemTime(Date.now() + many * 60_000)
    minutes(4)
    await there.get('/')
    expect(await seen()).toBe(first)
    minutes(20)
    const then = new Date().toISOString()
    await there.get('/')
    await vi.waitFor(async () => expect(await seen()).toBe(then))
    await here.get('/')
    expect(await seen()).toBe(then)
  })
})

describe('POST /sessions/end', () => {
  it('another session, of the person’s, ends, its tokens too, and is written down', async () => {
    const test = await sessionsApp()
    const [, second = ''] = references(await test.page())
    const revoked = test.logto.callsTo(paths.revocation)
    expect(await post(test.here, '/sessions/end', { session: second })).toRedirectTo(`${baseUrl}/sessions`)
    expect(references(await test.page())).not.toContain(second)
    expect(references(await test.page())).toHaveLength(2)
    expect(audits(test, 'ended')).toMatchObject([{ by: 'ended_by_person', sub: 'user-1', session: second }])
    expect(test.logto.callsTo(paths.revocation)).toBe(revoked + 1)
    await expect(test.here).toBeSignedIn()
  })

  it('this session, ends, and the browser goes home', async () => {
    const test = await sessionsApp()
    const [first = ''] = references(await test.page())
    const revoked = test.logto.callsTo(paths.revocation)
    expect(await post(test.here, '/sessions/end', { session: first })).toRedirectTo(`${baseUrl}/`)
    expect(test.logto.callsTo(paths.revocation)).toBe(revoked + 1)
    await expect(test.here).not.toBeSignedIn()
    await expect(test.there).toBeSignedIn()
  })

  it('session, ended by somebody else at the same moment, is written down once', async () => {
    const test = await sessionsApp()
    const [, second = ''] = references(await test.page())
    const remove = test.backend.remove
    test.backend.remove = async (id) => {
      await remove(id)
      return remove(id)
    }
    expect(await post(test.here, '/sessions/end', { session: second })).toRedirectTo(`${baseUrl}/sessions`)
    expect(audits(test, 'ended')).toEqual([])
  })

  it('session, of somebody else, or named by its ID or by nothing that is one, is a 404 and lives', async () => {
    const test = await sessionsApp()
    const [row] = await test.backend.findByName('sub:user-1')
    for (const session of [test.strangers[0], row?.id, '', '000000000000', 'sub:user-1', undefined]) {
      const fields: Record<string, string> = session === undefined ? {} : { session }
      expect(await post(test.here, '/sessions/end', fields)).toBeErrorPage(404)
    }
    expect(references(await test.page())).toHaveLength(3)
    await expect(test.stranger).toBeSignedIn()
  })
})

describe('POST /sessions/end-others', () => {
  it('others, all of the person’s, end, and this one lives', async () => {
    const test = await sessionsApp()
    expect(await post(test.here, '/sessions/end-others')).toRedirectTo(`${baseUrl}/sessions`)
    await expect(test.here).toBeSignedIn()
    for (const other of [test.there, test.elsewhere]) await expect(other).not.toBeSignedIn()
    await expect(test.stranger).toBeSignedIn()
    expect(audits(test, 'ended')).toHaveLength(2)
  })
})

describe('POST /sessions/end-everywhere', () => {
  it('all, of the person’s, end, and the browser goes on to Logto’s end', async () => {
    const test = await sessionsApp()
    const revoked = test.logto.callsTo(paths.revocation)
    const response = await post(test.here, '/sessions/end-everywhere')
    expect(response.status).toBe(303)
    const { origin, pathname, searchParams } = new URL(response.headers.location ?? '')
    expect(origin + pathname).toBe(`${endpoint}/oidc/session/end`)
    expect(searchParams.get('post_logout_redirect_uri')).toBe(`${baseUrl}/`)
    for (const mine of [test.here, test.there, test.elsewhere]) await expect(mine).not.toBeSignedIn()
    await expect(test.stranger).toBeSignedIn()
    expect(test.logto.callsTo(paths.revocation)).toBe(revoked + 3)
    expect(audits(test, 'ended').map(({ by }) => by)).toEqual(['ended_by_person', 'ended_by_person'])
    expect(test.logs.filter(({ audit }) => audit === 'signed_out')).toHaveLength(1)
  })

  it('Logto, away, keeps none of them alive here', async () => {
    const test = await sessionsApp()
    test.logto.break(paths.discovery, down)
    test.logto.break(paths.revocation, down)
    const response = await post(test.here, '/sessions/end-everywhere')
    expect(response.status).toBe(303) // its addresses are known
    for (const mine of [test.here, test.there]) await expect(mine).not.toBeSignedIn()
  })
})

describe('forms on /sessions', () => {
  const forms = ['/sessions/end', '/sessions/end-others', '/sessions/end-everywhere']

  it.each(forms)('%s, sent by another site, is refused and ends nothing', async (path) => {
    const test = await sessionsApp()
    const [session = ''] = references(await test.page())
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: 'null', 'sec-fetch-site': 'same-site' },
    ]) {
      expect(await post(test.here, path, { session }, headers)).toBeErrorPage(403)
    }
    expect(references(await test.page())).toHaveLength(3)
  })

  it.each(forms)('%s, sent by a stranger, is a 401', async (path) => {
    expect(await post(testApp().browser(), path, { session: '000000000000' })).toBeErrorPage(401)
  })

  it.each(['/sessions', ...forms])('%s, the store away, is a 503', async (path) => {
    const test = await sessionsApp()
    test.backend.findByName = async () => {
      throw new Error('away')
    }
    test.backend.removeByName = test.backend.findByName
    const answer =
      path === '/sessions' ? test.here.get(path).set(html) : post(test.here, path, { session: 'a' })
    expect(await answer).toBeErrorPage(503)
  })
})

describe('navigation', () => {
  it.each(['/', '/profile', '/organizations', '/sessions'])(
    'page, %s, is marked as this one',
    async (path) => {
      const { text } = await (await signedIn(testApp())).get(path).set(html)
      expect(text).toContain(`<a href="${baseUrl}${path}" aria-current="page">`)
      expect(text.match(/aria-current/g)).toHaveLength(1)
    },
  )

  it('stranger, on the home page, has none', async () => {
    expect((await testApp().browser().get('/')).text).not.toContain('<nav')
  })
})
