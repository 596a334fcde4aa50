import { describe, expect, it } from 'vitest'
import { testApp } from '../support/app.ts'

const ok = { status: 'ok' }
const unavailable = { status: 'unavailable' }

describe('health', () => {
  it.each(['/healthz', '/readyz'])('health, %s of an app at rest, is a 200 nobody keeps', async (path) => {
    const response = await testApp().browser().get(path)
    expect(response.status).toBe(200)
    expect(response.body).toEqual(ok)
    expect(response.headers['cache-control']).toBe('private, no-store')
    expect(response.headers['set-cookie']).toBeUndefined()
  })

  it.each([
    ['says no', () => false],
    ['says no later', async () => false],
    [
      'throws',
      () => {
        throw new Error('gone')
      },
    ],
    ['rejects', () => Promise.reject(new Error('gone'))],
    ['never says anything', () => new Promise<boolean>(() => undefined)],
  ])('health, what the app needs %s, is alive and not ready', async (_, ready) => {
    const { browser } = testApp({ ready })
    expect(await browser().get('/healthz')).toMatchObject({ status: 200, body: ok })
    const started = performance.now()
    expect(await browser().get('/readyz')).toMatchObject({ status: 503, body: unavailable })
    expect(performance.now() - started).toBeLessThan(2000)
  })

  it('health, what the app needs comes back, is ready again', async () => {
    let here = false
    const { browser } = testApp({ ready: async () => here })
    expect((await browser().get('/readyz')).status).toBe(503)
    here = true
    expect((await browser().get('/readyz')).status).toBe(200)
  })

  it.each(['/healthz', '/readyz', '/some/path/healthz', '/some/path/readyz'])(
    'health, %s of an app under a path, answers whatever the host',
    async (path) => {
      const { browser } = testApp({ settings: { BASE_URL: 'https://app.test/some/path' } })
      expect((await browser().get(path).set('host', '10.0.0.7:3000')).status).toBe(200)
    },
  )

  it('health, asked for with HEAD, answers the same without a body', async () => {
    const { browser } = testApp({ ready: () => false })
    expect((await browser().head('/healthz')).status).toBe(200)
    const response = await browser().head('/readyz')
    expect(response.status).toBe(503)
    expect(response.text ?? '').toBe('')
  })

  it('health, asked for every few seconds, is logged at debug only', async () => {
    const { browser, logs } = testApp({ ready: () => false })
    for (const path of ['/healthz', '/readyz']) await browser().get(path)
    expect(logs.map(({ level }) => level)).toEqual([20, 20])
  })
})
