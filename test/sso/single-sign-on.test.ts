import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import ejs from 'ejs'
import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from 'express'
import expressSession from 'express-session'
import { pino } from 'pino'
import supertest from 'supertest'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { loadConfig } from '../../src/settings/config.ts'
import { AppError } from '../../src/sso/http/app-error.ts'
import type { SingleSignOn } from '../../src/sso/interface.ts'
import type { Options } from '../../src/sso/options.ts'
import type { SessionBackend } from '../../src/sso/session/backend/session-backend.ts'
import { singleSignOn } from '../../src/sso/single-sign-on.ts'
import { apiResource, FakeLogto, issuer, paths } from '../../src/testing/fake-logto.ts'
import { signInAs, talksTo } from '../../src/testing/sign-in-as.ts'
import { baseUrl, testConfig } from '../support/app.ts'
import { keptLog } from '../support/kept-log.ts'
import { startRedis, withoutRedis } from '../support/redis-server.ts'
import { cookieIn, cookiesIn, stateIn } from '../support/responses.ts'

const html = { accept: 'text/html' }
/** Express 4 as most hosts have it, under another name. */
const express4: typeof express = createRequire(import.meta.url)('express4')
const views = mkdtempSync(join(tmpdir(), 'host-views-'))
for (const name of ['page', 'error']) writeFileSync(join(views, `${name}.ejs`), `host's ${name}: <%= t %>`)
afterAll(() => rmSync(views, { recursive: true }))

/** What a host app is made of: its middleware before and after the routes, and after all of its routes. */
interface Parts {
  settings?: Record<string, string | undefined>
  app?: Express
  backend?: SessionBackend
  logto?: FakeLogto
  before?: RequestHandler[]
  after?: (app: Express, sso: SingleSignOn) => void
  last?: Array<RequestHandler | ErrorRequestHandler>
  /** Where the routes are mounted. */
  at?: string
  options?: Partial<Options>
}

/** An app that was there already, and now signs people in. */
async function hostApp({
  settings = {},
  app = express(),
  backend,
  logto = new FakeLogto(),
  before = [],
  after = () => {},
  last,
  at = '/',
  options = {},
}: Parts = {}) {
  const { logger, logs } = keptLog()
  const config = testConfig(settings)
  const sso = await singleSignOn(config, {
    ...{ logger, fetch: logto.fetch, ...(backend && { backend }) },
    ...options,
  })
  for (const middleware of before) app.use(middleware)
  app.use(at, sso.routes)
  after(app, sso)
  app.get('/who', (req, res) => void res.json(sso.personOf(req) ?? null))
  app.get('/reports', sso.requireSignIn, (req, res) => void res.send(`reports of ${sso.personOf(req)?.name}`))
  app.get('/api/reports', sso.requireAccess(), sso.requireScope('read:reports'), (req, res) => {
    res.json(sso.accessOf(req))
  })
  for (const handler of last ?? [sso.errors]) app.use(handler)
  talksTo(app, { logto, baseUrl: config.baseUrl })
  const browser = () => supertest.agent(app).set('host', new URL(config.baseUrl).host)
  return { app, sso, logto, logs, browser }
}

/** A host's own error handler, and what it was given. */
function errorHandler() {
  const said: unknown[] = []
  const tell: ErrorRequestHandler = (error, _req, res, _next) => {
    said.push(error)
    res.status(error?.status ?? 500).send('host’s error page')
  }
  return { said, tell }
}

describe('an app of one’s own', () => {
  it('host, where Logto takes nobody new and lacks a company of the settings, learns of both', async () => {
    const logto = new FakeLogto()
    const entry = { id: 'gone1', name: 'Acme', issuer: 'https://acme.okta.com', domains: ['acme.example'] }
    const answer = { signInMode: 'SignIn', ssoConnectors: [{ id: 'other1' }] }
    logto.break(paths.experience, async () => Response.json(answer))
    const { sso, logs } = await hostApp({ logto, settings: { SSO_CONNECTORS: JSON.stringify([entry]) } })
    await vi.waitFor(() => expect(sso.canSignUp()).toBe(false))
    expect(logs.filter(({ connectors }) => connectors)).toMatchObject([{ level: 40, connectors: ['gone1'] }])
  })

  it('journey, a stranger, is sent to sign in, comes back, and is out after signing out', async () => {
    const { browser, app, sso } = await hostApp()
    const agent = browser()
    expect((await agent.get('/who')).body).toBeNull()
    expect(await agent.get('/reports?of=may').set(html)).toRedirectTo(
      `${baseUrl}/sign-in?${new URLSearchParams({ return_to: '/reports?of=may' })}`,
    )
    await signInAs(agent, { sub: 'user-7', name: 'Erin Moore' })
    const page = await agent.get('/reports').set(html)
    expect(page.text).toBe('reports of Erin Moore')
    expect(page.headers['cache-control']).toBe('private, no-store')
    expect((await agent.get('/who')).body).toMatchObject({ sub: 'user-7' })
    expect((await agent.get('/api/reports')).body).toMatchObject({ by: 'session', sub: 'user-7' })
    expect(sso.links.signOut).toBe(`${baseUrl}/sign-out`)
    const out = await agent.get('/sign-out').set(html)
    expect(new URL(out.headers.location ?? '').searchParams.get('post_logout_redirect_uri')).toBe(
      `${baseUrl}/`,
    )
    expect((await agent.get('/who')).body).toBeNull()
    expect((await supertest(app).get('/reports')).status).toBe(401)
  })

  it('error page, of a guard and of our routes, is ours and its reference is in the log', async () => {
    const { browser, logs } = await hostApp({ app: express().disable('x-powered-by') })
    const ours = await browser().get('/callback').set(html)
    const guards = await browser()
      .get('/reports')
      .set({ ...html, 'sec-fetch-dest': 'iframe' })
    for (const [page, status] of [
      [ours, 400],
      [guards, 401],
    ] as const) {
      expect(page).toBeErrorPage(status)
      const [, reference] = /Reference<?[^0-9a-f]*<code>([0-9a-f]{10})/.exec(page.text) ?? []
      expect(logs).toContainEqual(expect.objectContaining({ msg: 'request', reference, res: { status } }))
      expect(page.headers['content-security-policy']).toContain("default-src 'none'")
      expect(page.headers['x-powered-by']).toBeUndefined()
      const [, style = ''] = /href="([^"]+style\.css[^"]*)"/.exec(page.text) ?? []
      expect((await browser().get(style)).headers['content-type']).toMatch(/^text\/css/)
      const [, action = ''] = /action="http:\/\/app\.test([^"]+language[^"]+)"/.exec(page.text) ?? []
      expect((await browser().post(action.replaceAll('&amp;', '&'))).status).toBe(303)
    }
  })

  const logger = pino({ level: 'silent' })

  it('no Logto set, is said for all three settings', async () => {
    await expect(singleSignOn(loadConfig({}), { logger })).rejects.toThrow(
      /LOGTO_ENDPOINT[\s\S]*LOGTO_APP_ID[\s\S]*LOGTO_APP_SECRET/,
    )
  })

  it.each<[string, unknown]>([
    ['options', undefined],
    ['logger', {}],
    ['logger.warn', { logger: { ...logger, warn: undefined } }],
    ['onSingedIn', { logger, onSingedIn: () => {} }],
    ['onSignedIn', { logger, onSignedIn: 'greet' }],
    ['errors', { logger, errors: 'everything' }],
    ['eror', { logger, pages: { eror: () => '' } }],
    ['de', { logger, words: { de: {} } }],
  ])('option, %s, wrong in a host in JavaScript, is said by its name', async (name, options) => {
    const inJavaScript = singleSignOn as (...given: unknown[]) => Promise<unknown>
    await expect(inJavaScript(testConfig(), options)).rejects.toThrow(
      expect.objectContaining({ name: 'TypeError', message: expect.stringContaining(name) }),
    )
  })
})

describe('where the routes are mounted', () => {
  it('base path, mounted there, has everything below it', async () => {
    const settings = { BASE_URL: 'http://app.test/portal' }
    const { browser } = await hostApp({ settings, at: '/portal' })
    const agent = browser()
    expect(await agent.get('/portal/sign-in').set(html)).toHaveProperty('status', 303)
    const lost = await agent.get('/portal/callback').set(html)
    expect(lost.text).toContain('href="/portal/sso/assets/style.css')
    expect(await agent.get('/sign-in').set(html)).toHaveProperty('status', 404)
  })

  it.each([
    ['/auth', undefined, 'is mounted at /auth, and BASE_URL is http://app.test: write app.use(sso.routes)'],
    [
      '/',
      'http://app.test/portal',
      "is mounted at /, and BASE_URL is http://app.test/portal: write app.use('/portal', sso.routes)",
    ],
  ])('mounted at %s, BASE_URL being %s, says what to write', async (at, url, words) => {
    const { said, tell } = errorHandler()
    const { browser } = await hostApp({ settings: { ...(url && { BASE_URL: url }) }, at, last: [tell] })
    await browser()
      .get(`${at === '/' ? '' : at}/sign-in`)
      .set(html)
    expect(said).toMatchObject([{ message: expect.stringContaining(words) }])
  })

  it('mounted after a guard, lets nobody through and says why', async () => {
    const { said, tell } = errorHandler()
    const { sso } = await hostApp()
    const app = express()
      .get('/', sso.requireSignIn, (_req, res) => void res.send('in'))
      .get('/api', sso.requireAccess(), (_req, res) => void res.send('in'))
      .get('/who', (req, res) => void res.json(sso.personOf(req)))
      .use(sso.routes)
      .use(tell)
    for (const path of ['/', '/api', '/who']) expect((await supertest(app).get(path)).status).toBe(500)
    const message = expect.stringContaining('app.use(sso.routes) has to stand before')
    expect(said).toMatchObject(Array(3).fill({ message }))
  })
})

describe('body parsers of the host', () => {
  const key = 'the-webhook-key-of-this-test'
  const parsers: Array<[string, RequestHandler[]]> = [
    ['none', []],
    ['json and plain forms', [express.json(), express.urlencoded()]],
    ['json and deep forms', [express.json(), express.urlencoded({ extended: true })]],
    ['text of everything', [express.text({ type: () => true })]],
    ['bytes of everything', [express.raw({ type: () => true })]],
  ]
  const person = async (before: RequestHandler[]) => {
    const host = await hostApp({ before, settings: { LOGTO_WEBHOOK_SIGNING_KEY: key } })
    const agent = host.browser()
    await signInAs(agent, { sub: 'user-1' })
    const isIn = async () => (await agent.get('/who')).body !== null
    return { ...host, isIn }
  }
  const logOut = (app: Express, form: Record<string, string | string[]>) =>
    supertest(app).post('/backchannel-logout').type('form').send(form)
  const deliver = (app: Express, text: string, signed = text) =>
    supertest(app)
      .post('/webhooks/logto')
      .type('json')
      .set('logto-signature-sha-256', createHmac('sha256', key).update(signed).digest('hex'))
      .send(text)

  it.each(parsers)(
    'back-channel logout, behind %s, ends the session by a good token only',
    async (_, before) => {
      const { app, logto, isIn } = await person(before)
      const token = await logto.logoutToken()
      const [forged, twice] = [await logto.logoutToken({ key: 'stranger' }), [token, token]]
      for (const logout_token of [forged, twice, '']) {
        expect((await logOut(app, { logout_token })).status).toBe(400)
      }
      expect(await isIn()).toBe(true)
      expect((await logOut(app, { logout_token: token })).status).toBe(200)
      expect(await isIn()).toBe(false)
    },
  )

  it.each(parsers)('webhook, behind %s, ends the session by a good signature only', async (_, before) => {
    const { app, isIn } = await person(before)
    const createdAt = new Date().toISOString()
    const delivery = (name: string) =>
      JSON.stringify({
        event: 'User.SuspensionStatus.Updated',
        createdAt,
        params: { userId: 'user-1' },
        data: {
          id: 'user-1',
          name,
          isSuspended: true,
          2: '\u2028é\ud83d\ude00/\\',
          1: 1e21,
          nested: [{}, null],
        },
      })
    expect((await deliver(app, delivery('Erin'), delivery('Other'))).status).toBe(401)
    expect(await isIn()).toBe(true)
    expect((await deliver(app, delivery('Erin'))).status).toBe(204)
    expect(await isIn()).toBe(false)
  })

  it.each(parsers)('sign-in by a form, behind %s, is refused a parameter it has twice', async (_, before) => {
    const { browser } = await hostApp({ before })
    const { body } = await browser()
      .post('/sign-in')
      .type('form')
      .set({ accept: 'application/json' })
      .send({ iss: ['https://acme.okta.com', 'https://other.okta.com'] })
    expect(body.error.code).toBe('parameter_repeated')
  })

  it('form, whose fields the host’s parser makes objects of, is refused and no fault of ours', async () => {
    const { app, browser, logs } = await hostApp({ before: [express.urlencoded({ extended: true })] })
    expect((await logOut(app, { 'logout_token[toString]': 'x' })).status).toBe(400)
    const iss = { 'iss[toString]': 'x', 'iss[valueOf]': '1' }
    expect((await browser().post('/sign-in').type('form').send(iss)).status).toBeLessThan(500)
    expect(logs.filter(({ level }) => Number(level) >= 50)).toEqual([])
  })

  it('host’s own forms, behind the routes, are parsed as ever', async () => {
    const { browser } = await hostApp({
      after: (app) => {
        app.use(express.json(), express.urlencoded())
        app.post('/echo', (req, res) => void res.json(req.body))
      },
    })
    expect((await browser().post('/echo').type('form').send({ a: '1' })).body).toEqual({ a: '1' })
    expect((await browser().post('/echo').send({ b: 2 })).body).toEqual({ b: 2 })
  })
})

describe('what is the host’s stays the host’s', () => {
  // Below V8 13, each has a hidden class of its own once Express has changed its prototype, and no code reads it fast.
  it.skipIf(Number.parseInt(process.versions.v8, 10) >= 13)(
    'requests and answers, behind the routes, share a hidden class and are whole',
    async () => {
      setFlagsFromString('--allow-natives-syntax')
      const haveSameMap = new Function('one', 'other', 'return %HaveSameMap(one, other)')
      const met: Array<[Request, Response]> = []
      const { browser } = await hostApp({
        after: (app) =>
          app.get('/met', (req, res) => {
            met.push([req, res])
            res.json([req.res === res, res.req === req])
          }),
      })
      for (let count = 0; count < 12; count++) {
        expect((await browser().get('/met')).body).toEqual([true, true])
      }
      // V8 may forget a class now and then, and make it anew; without tables, no two requests share one.
      const sharing = (at: 0 | 1) =>
        met.filter((each, index) => index > 0 && haveSameMap(each[at], met[index - 1]?.[at])).length
      expect(Math.min(sharing(0), sharing(1))).toBeGreaterThan(2)
    },
  )

  it('views, its engine, its words and its locals, are used for its pages', async () => {
    const app = express().engine('ejs', ejs.renderFile).set('views', views).set('view engine', 'ejs')
    app.locals.t = 'app’s words'
    const before: RequestHandler = (_req, res, next) => {
      Object.assign(res.locals, { t: 'host’s words', signedIn: true, title: 'host’s title' })
      next()
    }
    const { browser } = await hostApp({
      app,
      before: [before],
      after: (app) => {
        app.get('/page', (_req, res) => res.render('page'))
        app.get('/locals', (_req, res) => void res.json(Object.keys(res.locals)))
        app.get('/string', (_req, res, next) =>
          res.render('page', (error: Error, text: string) => (error ? next(error) : res.send(`<${text}>`))),
        )
      },
    })
    const agent = browser()
    expect((await agent.get('/page')).text).toBe("host's page: host’s words")
    expect((await agent.get('/string')).text).toBe("<host's page: host’s words>")
    expect((await agent.get('/locals')).body).toEqual(['t', 'signedIn', 'title'])
    const ours = await agent.get('/callback').set(html)
    expect(ours).toBeErrorPage(400)
    expect(ours.text).toContain('Please sign in again.')
    expect(ours.text).not.toMatch(/host’s|<nav/)
    const guards = await agent.get('/reports').set({ ...html, 'sec-fetch-dest': 'frame' })
    expect(guards).toBeErrorPage(401)
    expect(guards.text).not.toMatch(/host’s|<nav/)
    expect(Object.keys(app.locals)).toEqual(['settings', 't'])
  })

  it('errors, its own, reach its handler alone, and the guards’ reach it where ours is left out', async () => {
    const { said, tell } = errorHandler()
    const boom = new Error('boom')
    const after = (app: Express) =>
      app.get('/boom', () => {
        throw boom
      })
    const withOurs = await hostApp({
      after: (app, sso) => {
        after(app)
        app.get('/early', sso.requireSignIn)
        app.use(['/early', '/boom'], sso.errors)
      },
      last: [tell],
    })
    expect((await withOurs.browser().get('/boom')).text).toBe('host’s error page')
    expect(said.splice(0)).toEqual([boom])
    expect((await withOurs.browser().get('/early')).text).not.toContain('host’s')
    expect(said).toEqual([])
    const refused = await (await hostApp({ last: [tell] })).browser().get('/reports')
    expect([refused.status, refused.text]).toEqual([401, 'host’s error page'])
    expect(said).toEqual([expect.any(AppError)])
    expect(said[0]).toMatchObject({ status: 401, code: 'not_signed_in' })
  })

  it('errors, of addresses of ours that cannot be decoded, are ours', async () => {
    const { browser } = await hostApp({ last: [errorHandler().tell] })
    for (const [path, expected] of [
      ['/sign-in/%E0', 400],
      ['/sso/assets/%E0', 404],
    ] as const) {
      const { status, text } = await browser().get(path).set(html)
      expect([status, text.includes('host’s')], path).toEqual([expected, false])
    }
  })

  it('errors, ours, are nothing that the host’s logger writes down', async () => {
    const errors: unknown[] = []
    const logger: RequestHandler = (_req, res, next) => {
      res.on('finish', () => errors.push('err' in res && res.err))
      next()
    }
    const { browser } = await hostApp({ before: [logger] })
    await browser().get('/callback?state=x').set(html)
    await browser().get('/reports')
    expect(errors).toEqual([false, false])
  })

  it.each([
    [undefined, 'private, no-store'],
    ['no-cache', 'no-cache'],
    ['Private , max-age=60', 'Private , max-age=60'],
    // About single fields, and no directive at all: both let the page be kept.
    ['max-age=300, no-cache="Set-Cookie"', 'private, no-store'],
    ['private="x-user", max-age=300', 'private, no-store'],
    ['public, x-private, max-age=300', 'private, no-store'],
  ])(
    'caches, of a page that depends on who is there, told %s by the host, are told %s',
    async (said, expected) => {
      const { browser } = await hostApp({
        after: (app, sso) => {
          app.get('/own', (req, res) => {
            res.set({ ...(said && { 'Cache-Control': said }), 'CDN-Cache-Control': 'max-age=300' })
            res.json(sso.personOf(req)?.sub ?? null)
          })
        },
      })
      const { headers } = await browser().get('/own')
      expect(headers['cache-control']).toBe(expected)
      expect(headers).not.toHaveProperty('cdn-cache-control')
    },
  )

  const kept = {
    'cache-control': 'public, max-age=300',
    'cdn-cache-control': 'max-age=300',
    'cloudflare-cdn-cache-control': 'max-age=300',
    'surrogate-control': 'max-age=300',
    'x-accel-expires': '300',
    expires: 'Fri, 31 Dec 2100 00:00:00 GMT',
  }
  const keepAll: RequestHandler = (_req, res, next) => {
    res.set(kept)
    next()
  }

  it('caches, told by the host to keep everything, keep no refusal, no redirect and nobody’s page', async () => {
    const { browser } = await hostApp({
      before: [keepAll],
      after: (app, sso) => {
        app.get('/plain', (_req, res) => void res.send('for everybody'))
        app.get('/members', sso.requireAccess(), keepAll, sso.requireOrganization('acme'))
      },
      last: [errorHandler().tell],
    })
    const agent = browser()
    const answers = async (): Promise<Record<string, supertest.Response>> => ({
      redirect: await agent.get('/reports').set(html),
      script: await agent.get('/reports').set('sec-fetch-dest', 'empty'),
      api: await agent.get('/api/reports'),
      who: await agent.get('/who'),
      'sign-in': await agent.get('/sign-in').set(html),
      callback: await agent.get('/callback').set(html),
      webhook: await agent.post('/webhooks/logto').send({}),
      member: await agent.get('/members'),
    })
    for (const who of ['stranger', 'somebody']) {
      if (who === 'somebody') await signInAs(agent)
      for (const [what, { status, headers }] of Object.entries(await answers())) {
        const said = Object.entries(headers).filter(([name]) => name in kept)
        expect(said, `${who}, ${what}, ${status}`).toEqual([['cache-control', 'private, no-store']])
      }
    }
    expect((await agent.get('/plain')).headers).toMatchObject(kept)
    expect((await agent.get('/sign-out').set(html)).headers['cache-control']).toBe('private, no-store')
  })

  it('caches, told so by a page behind a guard itself, may keep it', async () => {
    const { browser } = await hostApp({
      before: [keepAll],
      after: (app, sso) =>
        app.get('/map', sso.requireSignIn, (_req, res) => {
          res.set('Cache-Control', 'private, max-age=60').send('the same for whoever is in')
        }),
    })
    const agent = browser()
    await signInAs(agent)
    expect((await agent.get('/map').set(html)).headers['cache-control']).toBe('private, max-age=60')
  })

  it.each([
    ['///', '///'],
    ['//[', '//['],
    ['//evil.test/x', '//evil.test/x'],
    ['/\\evil.test', '/\\evil.test'],
    ['/%', '/%'],
    ['/%ff?x=%ff', '/%ff?x=%ff'],
    ['http://evil.test/reports?x=1', '/reports?x=1'],
    ['http://evil.test', '/'],
    ['http://evil.test?x=1', '/?x=1'],
    ['http://u:p@evil.test:99//x', '//x'],
    ['*', '/*'],
  ])('target, %s, is led to sign-in like any other path, and never elsewhere', async (target, here) => {
    const { app } = await hostApp({ after: (app, sso) => app.use(sso.requireSignIn) })
    const { status, location } = await raw(app, target)
    expect([status, location]).toEqual([
      303,
      `${baseUrl}/sign-in?${new URLSearchParams({ return_to: here })}`,
    ])
    const begun = await supertest(app)
      .get(String(location).slice(baseUrl.length))
      .set({ ...html, host: 'app.test' })
    expect(new URL(begun.headers.location ?? '').origin).toBe(new URL(issuer).origin)
  })

  it('errors, after an answer has begun, are the host’s to end', async () => {
    const said: unknown[] = []
    const late = new AppError({ status: 401, code: 'not_signed_in' })
    const { app, sso } = await hostApp({ last: [] })
    app.get('/late', (_req, res) => {
      res.write('begun')
      throw late
    })
    app.use(sso.errors)
    app.use(((error, _req, res, _next) => {
      said.push(error)
      res.end()
    }) as ErrorRequestHandler)
    expect((await supertest(app).get('/late').set('host', 'app.test')).text).toBe('begun')
    expect(said).toEqual([late])
  })

  it.each([
    ['Express 4', express4],
    ['Express 5', express],
  ])(
    'page of its own for errors, that fails under %s, is its error handler’s and ends nothing',
    async (_what, make) => {
      const { said, tell } = errorHandler()
      const boom = new Error('boom')
      const thrown: unknown[] = [boom, undefined]
      const fails = () => {
        throw thrown.shift()
      }
      const app = make() as Express
      const { browser } = await hostApp({ app, options: { pages: { error: fails } }, last: [tell] })
      for (const _ of [1, 2]) expect((await browser().get('/callback').set(html)).status).toBe(500)
      expect(said).toEqual([boom, expect.any(Error)])
    },
  )

  it('Express 4, a host on it, signs people in and out, and refuses as it should', async () => {
    const app = express4() as Express
    const before = [express4.json(), express4.urlencoded({ extended: true })]
    const settings = { API_RESOURCE: apiResource }
    const { browser, logto, logs } = await hostApp({ app, before, settings })
    const agent = browser()
    const refused = await agent.get('/api/reports').set('accept', 'application/json')
    expect([refused.status, refused.body.error?.code]).toEqual([401, 'not_signed_in'])
    const token = await logto.accessToken({ key: 'stranger' })
    const forged = await browser().get('/api/reports').set('authorization', `Bearer ${token}`)
    expect(forged.status).toBe(401)
    expect((await agent.get('/reports').set(html)).status).toBe(303)
    const odd = ['/callback?state[a]=1&code[]=2', '/sign-in?return_to[a]=/x&login_hint[]=e&iss[b]=1']
    for (const path of odd) expect((await browser().get(path).set(html)).status, path).toBeLessThan(500)
    await signInAs(agent, { sub: 'user-7', name: 'Erin Moore' })
    expect((await agent.get('/reports').set(html)).text).toBe('reports of Erin Moore')
    expect((await agent.get('/api/reports')).body).toMatchObject({ by: 'session', sub: 'user-7' })
    expect((await agent.get('/who')).headers['x-powered-by']).toBe('Express')
    const logout = { logout_token: await logto.logoutToken({ claims: { sub: 'user-7' } }) }
    expect((await supertest(app).post('/backchannel-logout').type('form').send(logout)).status).toBe(200)
    expect((await agent.get('/who')).body).toBeNull()
    await signInAs(agent)
    expect((await agent.get('/sign-out').set(html)).status).toBe(303)
    expect((await agent.get('/who')).body).toBeNull()
    expect(logs.filter(({ level }) => Number(level) >= 50)).toEqual([])
  })

  it('settings, requests and prototypes, are as they were', async () => {
    const app = express()
    const { render } = app.response
    const { browser } = await hostApp({
      app,
      before: [
        (req, _res, next) => {
          Object.assign(req, { id: 'host-1', log: 'host’s log' })
          next()
        },
      ],
      after: (app, sso) => {
        app.get('/request', sso.requireSignIn, (req, res) => {
          const { id, log } = req as unknown as { id: string; log: string }
          res.json({ id, log, secure: req.secure, app: req.app === app, render: res.render === render })
        })
        for (const path of ['/', '/assets/style.css', '/language', '/profile', '/healthz', '/api/me']) {
          app.all(path, (req, res) => void res.send(`host’s ${req.path}`))
        }
      },
    })
    const agent = browser()
    await signInAs(agent)
    expect((await agent.get('/request')).body).toEqual({
      id: 'host-1',
      log: 'host’s log',
      secure: false,
      app: true,
      render: true,
    })
    for (const path of ['/', '/assets/style.css', '/language', '/profile', '/healthz', '/api/me']) {
      const { text, headers } = await agent.post(path)
      expect(text).toBe(`host’s ${path}`)
      expect(headers).toMatchObject({ etag: expect.any(String), 'x-powered-by': 'Express' })
      expect(headers['content-security-policy']).toBeUndefined()
    }
  })

  it.each(['before', 'after'] as const)(
    'sessions, its own, mounted %s the routes, live beside ours',
    async (when) => {
      const own = expressSession({
        name: 'session',
        secret: 'host',
        resave: false,
        saveUninitialized: false,
        rolling: true,
        unset: 'destroy',
      })
      const cart: RequestHandler = (req, res) => {
        const session = req.session as unknown as { items?: number }
        session.items = (session.items ?? 0) + 1
        res.json({ items: session.items })
      }
      const { browser, logto, app } = await hostApp({
        before: when === 'before' ? [own] : [],
        after: (app, sso) => {
          if (when === 'after') app.use(own)
          app.get('/cart', cart)
          app.get('/guarded-cart', sso.requireSignIn, cart)
        },
      })
      const agent = browser()
      const items = async (path: string) => (await agent.get(path)).body.items
      expect(await items('/cart')).toBe(1)
      await signInAs(agent, { sub: 'user-7' })
      expect(await items('/guarded-cart')).toBe(2)
      expect((await agent.get('/who')).body).toMatchObject({ sub: 'user-7' })
      const token = await logto.logoutToken({ claims: { sub: 'user-7' } })
      await supertest(app).post('/backchannel-logout').type('form').send({ logout_token: token })
      expect((await agent.get('/who')).body).toBeNull()
      expect(await items('/cart')).toBe(3)
      await signInAs(agent, { sub: 'user-8' })
      const out = await agent.get('/sign-out').set(html)
      expect(cookiesIn(out).filter((cookie) => /^sso_\w{5}_session=;/.test(cookie))).toHaveLength(1)
      expect(cookiesIn(out).filter((cookie) => /^session=;/.test(cookie))).toHaveLength(0)
      expect((await agent.get('/who')).body).toBeNull()
      expect(await items('/cart')).toBe(4)
    },
  )

  it.each([
    ['set by the host', (app: Express) => void app.set('trust proxy', 1), {}],
    ['set by TRUST_PROXY', () => {}, { TRUST_PROXY: '1' }],
  ])('proxies, %s, tell whose address it is', async (_what, set, settings) => {
    const app = express()
    set(app)
    const { browser, logs } = await hostApp({ app, settings: { ...settings, API_RESOURCE: apiResource } })
    const forwarded = { 'x-forwarded-for': '203.0.113.9:50123' }
    await browser()
      .get('/callback')
      .set({ ...html, ...forwarded })
    await browser()
      .get('/api/reports')
      .set({ ...forwarded, authorization: 'Bearer x' })
    const lines = logs.filter(({ audit }) => audit === 'refused')
    expect(lines.map(({ address }) => address)).toEqual(['203.0.113.9', '203.0.113.9'])
  })
})

describe.skipIf(withoutRedis)('sessions at REDIS_URL', () => {
  it('processes, two, share who is signed in and what is counted', async () => {
    const redis = await startRedis()
    const settings = { REDIS_URL: redis.url, RATE_LIMIT: '1' }
    const logto = new FakeLogto()
    const [one, other] = [await hostApp({ settings, logto }), await hostApp({ settings, logto })]
    try {
      const cookie = sessionIn(await signedInResponse(one))
      expect((await other.browser().get('/who').set({ cookie })).body).not.toBeNull()
      expect((await other.browser().get('/sign-in').set(html)).status).toBe(429)
    } finally {
      await Promise.all([one.sso.close(), other.sso.close()])
      await redis.close()
    }
  })
})

/** Asks for a target as it is, which supertest would make an address of. */
async function raw(app: Express, path: string) {
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    const { port } = server.address() as AddressInfo
    const asked = request({ host: '127.0.0.1', port, path, headers: { host: 'app.test', ...html } }).end()
    const [answer] = (await once(asked, 'response')) as [IncomingMessage]
    answer.resume()
    return { status: answer.statusCode, location: answer.headers.location }
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

const sessionIn = (response: supertest.Response) => cookieIn(response, 'session') ?? ''

/** The answer that ends a sign-in, and sets the session's cookie. */
async function signedInResponse({ browser, logto }: Awaited<ReturnType<typeof hostApp>>) {
  const agent = browser()
  const begun = await agent.get('/sign-in').set(html)
  const query = new URLSearchParams({ iss: issuer, code: logto.code(), state: stateIn(begun) })
  return agent.get(`/callback?${query}`).set(html)
}
