import { once } from 'node:events'
import { createServer, get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import express, { type Express } from 'express'
import { pino } from 'pino'
import supertest from 'supertest'
import { describe, expect, it } from 'vitest'
import { trustOf } from '../../../src/sso/http/request/visitor.ts'
import { logAtEnd } from '../../../src/sso/request.ts'
import { appSecret, paths } from '../../../src/testing/fake-logto.ts'
import { testSingleSignOn } from '../../../src/testing/index.ts'
import { hang } from '../../../src/testing/logto-answers.ts'
import { signIn, testApp } from '../../support/app.ts'
import { keptLog } from '../../support/kept-log.ts'
import { cookiesIn } from '../../support/responses.ts'

/** The app on a port, for requests that supertest would not make. */
async function listening(app: Express) {
  const server = createServer(app)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    server,
    ask: (path: string) =>
      get({ port, host: '127.0.0.1', path, headers: { host: 'app.test' }, agent: false }),
  }
}

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
    const cookies = cookiesIn(response).map((cookie) => /=([^;]+)/.exec(cookie)?.[1])
    const secrets = [
      request?.body.get('code'),
      request?.body.get('code_verifier'),
      'the-access-token',
      'the-refresh-token',
      'eyJ',
      appSecret,
      ...cookies.filter((value) => value !== 'used'),
    ]
    expect(test.logs.length).toBeGreaterThan(3)
    for (const secret of secrets) expect(output).not.toContain(secret)
  })

  it.each([
    ['/nowhere?x=1', '/nowhere'],
    ['http://user:password@localhost/nowhere?x=1', '/nowhere'],
    ['//nowhere/x?y', '//nowhere/x'],
  ])('log, a request for %s, names the path alone', async (target, path) => {
    const { app, logs } = testApp()
    const { server, ask } = await listening(app)
    const [response] = (await once(ask(target), 'response')) as [IncomingMessage]
    await once(response.resume(), 'end')
    server.close()
    expect(logs[0]).toMatchObject({ req: { path } })
  })

  it('log, a path with a byte that a terminal would obey, says nothing of it', async () => {
    const { app, logs } = testApp()
    const { server, ask } = await listening(app)
    const [response] = (await once(ask('/nowhere\x9b2K'), 'response')) as [IncomingMessage]
    server.close()
    expect(response.statusCode).toBe(400)
    expect(logs).toEqual([])
  })

  it('log, a visitor who leaves before the answer, says so and makes up no status', async () => {
    const test = testApp()
    test.logto.break(paths.discovery, hang)
    const { server, ask } = await listening(test.app)
    const request = ask('/sign-in')
    request.on('error', () => undefined)
    await expect.poll(() => test.logto.calls).toHaveLength(1)
    request.destroy()
    await expect.poll(() => test.logs).toHaveLength(1)
    expect(test.logs[0]).toMatchObject({ req: { path: '/sign-in' }, res: { aborted: true } })
    expect(test.logs[0]?.res).not.toHaveProperty('status')
    server.close()
  })

  it('log, behind a trusted proxy, names the visitor and not the proxy', async () => {
    const { browser, logs } = testApp({ settings: { TRUST_PROXY: '1' } })
    await browser().get('/').set('x-forwarded-for', '203.0.113.7')
    expect(logs[0]).toMatchObject({ req: { address: '203.0.113.7' } })
  })

  it("log, a visitor's mistake, has no stack", async () => {
    const { browser, logs } = testApp()
    await browser().get('/nowhere')
    expect(logs[0]).toMatchObject({ level: 30, err: { code: 'not_found' } })
    expect(JSON.stringify(logs)).not.toContain('stack')
  })

  it('log, an unexpected error, has its stack while the page does not', async () => {
    const { logger, logs } = keptLog()
    const sso = testSingleSignOn({}, { logger, errors: 'all' })
    const app = express().use(sso.routes)
    app.get('/', () => {
      throw new Error('no way to 10.0.0.7')
    })
    const response = await supertest(app.use(sso.errors)).get('/').set('accept', 'text/html')
    expect(response).toBeErrorPage(500)
    expect(response.text).not.toMatch(/no way|10\.0\.0\.7|at .*\.ts/)
    expect(logs[0]).toMatchObject({
      level: 50,
      res: { status: 500 },
      err: {
        code: 'internal_error',
        cause: { message: 'no way to 10.0.0.7', stack: expect.any(String) },
      },
    })
    expect(response.text).toContain(String(logs[0]?.reference))
  })

  it('log, an answer that breaks while it is sent, says so beside the request’s line', async () => {
    const logs: Record<string, unknown>[] = []
    const logger = pino({}, { write: (line: string) => logs.push(JSON.parse(line)) })
    const app = express()
    app.use((req, res, next) => {
      logAtEnd(req, res, { logger, trustOf: trustOf(false) })
      next()
    })
    app.get('/', (_req, res) => {
      res.end()
      res.write('more')
    })
    await supertest(app).get('/')
    await expect.poll(() => logs).toHaveLength(2)
    expect(logs[0]).toMatchObject({ level: 50, err: { code: 'ERR_STREAM_WRITE_AFTER_END' } })
    expect(logs[0]?.reference).toBe(logs[1]?.reference)
  })
})
