import { MemoryStore } from 'express-session'
import { describe, expect, it } from 'vitest'
import { signIn, testApp } from '../support/app.ts'
import { appSecret } from '../support/fake-logto.ts'

describe('request log', () => {
  it('log, one request, is one line', async () => {
    const { browser, logs } = testApp()
    await browser().get('/?code=secret').set('user-agent', 'x').set('authorization', 'Bearer secret')
    expect(logs).toEqual([
      {
        level: 30,
        time: expect.any(Number),
        pid: expect.any(Number),
        hostname: expect.any(String),
        reference: expect.stringMatching(/^[0-9a-f]{10}$/),
        req: { method: 'GET', path: '/', address: expect.stringMatching(/127\.0\.0\.1$/) },
        res: { status: 200 },
        milliseconds: expect.any(Number),
        msg: 'request',
      },
    ])
  })

  it('log, a whole sign-in and sign-out, holds no token, code, cookie or secret', async () => {
    const test = testApp()
    const browser = test.browser()
    const response = await signIn(browser, test)
    await browser.get('/')
    await browser.get('/sign-out')
    const output = JSON.stringify(test.logs)
    const request = test.logto.tokenRequests[0]
    const cookies = [response.headers['set-cookie']]
      .flat()
      .map((cookie) => /=([^;]+)/.exec(String(cookie))?.[1])
    const secrets = [
      request?.get('code'),
      request?.get('code_verifier'),
      'the-access-token',
      'the-refresh-token',
      'eyJ',
      appSecret,
      ...cookies.filter((value) => value !== 'used'),
    ]
    expect(test.logs.length).toBeGreaterThan(3)
    for (const secret of secrets) expect(output).not.toContain(secret)
  })

  it('log, an unexpected error, has its stack while the page does not', async () => {
    class BrokenStore extends MemoryStore {
      override get(_sid: string, done: (error: unknown) => void) {
        done(new Error('store exploded at 10.0.0.7'))
      }
    }
    const good = testApp()
    const cookie =
      String([(await signIn(good.browser(), good)).headers['set-cookie']].flat().at(-1)).split(';')[0] ?? ''
    const { browser, logs } = testApp({ store: new BrokenStore() })
    const response = await browser().get('/').set('cookie', cookie)
    expect(response).toBeErrorPage(500)
    expect(response.text).not.toMatch(/exploded|10\.0\.0\.7|at .*\.ts/)
    expect(logs[0]).toMatchObject({
      level: 50,
      res: { status: 500 },
      err: {
        code: 'internal_error',
        cause: { message: 'store exploded at 10.0.0.7', stack: expect.any(String) },
      },
    })
    expect(response.text).toContain(String(logs[0]?.reference))
  })
})
