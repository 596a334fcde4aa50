import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { connectRedis } from '../../src/sso/redis/redis-connection.ts'
import { redisBackend } from '../../src/sso/session/backend/redis-backend.ts'
import { signInAs } from '../../src/testing/sign-in-as.ts'
import { type TestApp, testApp, testConfig } from '../support/app.ts'
import { startRedis, withoutRedis } from '../support/redis-server.ts'
import { cookiesIn } from '../support/responses.ts'
import { logOut } from './logto/logto-calls.ts'

const html = { accept: 'text/html' }
const neighbours: Array<[string, [string, string]]> = [
  ['two paths of a host', ['http://app.test/crm', 'http://app.test/wiki']],
  ['two ports of localhost', ['http://localhost:3000', 'http://localhost:4000']],
]

/** The path at which an app has one of its addresses. */
const at = (baseUrl: string, path: string) => new URL(baseUrl + path).pathname

describe('two apps, one browser', () => {
  /** A browser that has the same cookies for both, as one has for all that is on one host. */
  function browserOf(baseUrls: [string, string]) {
    const [one, two] = baseUrls.map((BASE_URL) => testApp({ settings: { BASE_URL } }).browser())
    if (!one || !two) throw new Error('there are two')
    Object.assign(two, { jar: one.jar })
    return [one, two] as const
  }
  const home = async (app: ReturnType<TestApp['browser']>, baseUrl: string) =>
    (await app.get(at(baseUrl, '/')).set(html)).text

  it.each(neighbours)('%s, signing in to and out of the one, leave the other as it is', async (_, urls) => {
    const [one, two] = browserOf(urls)
    await signInAs(one, { name: 'Erin of One' })
    await signInAs(two, { name: 'Erin of Two' })
    expect(await home(one, urls[0])).toContain('Erin of One')
    expect(await home(two, urls[1])).toContain('Erin of Two')
    await one.get(at(urls[0], '/sign-out')).set(html)
    expect(await home(two, urls[1])).toContain('Erin of Two')
    expect(await home(one, urls[0])).not.toContain('Erin')
  })

  it.each(neighbours)(
    '%s, many sign-ins begun at the one, do not push out one of the other',
    async (_, urls) => {
      const [one, two] = browserOf(urls)
      await one.get(at(urls[0], '/sign-in'))
      const attempts = () =>
        one.jar.getCookies({ path: '/', domain: '127.0.0.1', secure: false, script: false })
      const [begun] = attempts()
      for (let count = 0; count < 20; count++) await two.get(at(urls[1], '/sign-in'))
      expect(attempts().map(({ name }) => name)).toContain(begun?.name)
    },
  )

  it.each(neighbours)('%s, the language of the one, is not the language of the other', async (_, urls) => {
    const [one, two] = browserOf(urls)
    await one.post(`${at(urls[0], '/sso/language')}?to=ja`)
    expect(await home(one, urls[0])).toContain('lang="ja"')
    expect(await home(two, urls[1])).toContain('lang="en"')
  })

  it('two paths of a host, on https, have no cookie in common that the browser keeps for all of the host', async () => {
    const names = await Promise.all(
      ['https://app.test/crm', 'https://app.test/wiki'].map(async (BASE_URL) => {
        const response = await testApp({ settings: { BASE_URL } }).browser().get(at(BASE_URL, '/sign-in'))
        return cookiesIn(response).map((cookie) => cookie.replace(/\..*/, ''))
      }),
    )
    expect(names).toEqual([[expect.stringMatching(/^__Host-/)], [expect.stringMatching(/^__Host-/)]])
    expect(names[0]).not.toEqual(names[1])
  })
})

describe.skipIf(withoutRedis)('two apps, one Redis', () => {
  it('people, sessions and limits of the one, are nothing to the other', async () => {
    const server = await startRedis()
    const logger = pino({ level: 'silent' })
    const apps = await Promise.all(
      ['http://crm.test', 'http://wiki.test'].map(async (BASE_URL) => {
        const config = testConfig({ BASE_URL })
        const redis = await connectRedis({ baseUrl: config.baseUrl, urls: [server.url] }, logger)
        const backend = redisBackend(redis, config.sessions)
        const test = testApp({ settings: { BASE_URL, RATE_LIMIT: '3' }, backend, shared: redis })
        return { redis, test, browser: test.browser(), other: test.browser() }
      }),
    )
    const [crm, wiki] = apps
    if (!crm || !wiki) throw new Error('there are two')
    try {
      for (const { browser, other } of apps) {
        await signInAs(browser, { sub: 'user-1' })
        await signInAs(other, { sub: 'user-1' })
      }
      const page = await crm.browser.get('/sessions').set(html)
      expect(page.text.match(/\/sessions\/end"/g)).toHaveLength(2)

      expect((await logOut(crm.test, { claims: { sub: 'user-1' } })).status).toBe(200)
      for (const browser of [crm.browser, crm.other]) await expect(browser).not.toBeSignedIn()
      for (const browser of [wiki.browser, wiki.other]) await expect(browser).toBeSignedIn()

      for (const status of [303, 429]) {
        expect((await crm.browser.get('/sign-in')).status).toBe(status)
      }
      expect((await wiki.browser.get('/sign-in')).status).toBe(303)

      const prefixes = new Set((await server.keys()).map((key) => key.split(':').slice(0, 2).join(':')))
      expect([...prefixes].map((prefix) => `${prefix}:`).toSorted()).toEqual(
        apps.map(({ redis }) => redis.prefix).toSorted(),
      )
    } finally {
      await Promise.all(apps.map(({ redis }) => redis.close()))
      await server.close()
    }
  })
})
