import express, { type ErrorRequestHandler, type Request, type RequestHandler } from 'express'
import { pino } from 'pino'
import supertest from 'supertest'
import { describe, expect, it } from 'vitest'
import { composeSingleSignOn } from '../../../src/sso/compose.ts'
import { accessOf, requireAccess } from '../../../src/sso/guards/require-access.ts'
import { requireOrganization } from '../../../src/sso/guards/require-organization.ts'
import { requireScope } from '../../../src/sso/guards/require-scope.ts'
import { createLogtoClient } from '../../../src/sso/logto/logto-client.ts'
import { memoryBackend } from '../../../src/sso/session/backend/memory-backend.ts'
import { apiResource, FakeLogto, paths } from '../../../src/testing/fake-logto.ts'
import { testSingleSignOn } from '../../../src/testing/index.ts'
import { testConfig } from '../../support/app.ts'

/** A small app with one route, guarded so behind `requireAccess`. */
function guarded(...guards: RequestHandler[]) {
  const logto = new FakeLogto()
  const config = testConfig({ API_RESOURCE: apiResource })
  const sso = composeSingleSignOn(config, {
    logger: pino({ level: 'silent' }),
    backend: memoryBackend(config.sessions),
    fetch: logto.fetch,
    errors: 'all',
  })
  const app = express()
    .use(sso.routes, sso.jsonErrors)
    .get('/', sso.requireAccess({ organizationTokens: true }), ...guards, (req, res) => {
      res.json(accessOf(req))
    })
    .use(sso.errors)
  const call = (token: string, path = '/') => supertest(app).get(path).set('authorization', `Bearer ${token}`)
  const callWith = async (claims: Record<string, unknown>, path?: string) =>
    call(await logto.accessToken({ claims }), path)
  return { logto, call, callWith }
}

describe('guards of a route', () => {
  it('scopes, several, are all needed', async () => {
    const { callWith } = guarded(requireScope('read:notes', 'write:notes'))
    expect((await callWith({ scope: 'write:notes other read:notes' })).status).toBe(200)
    for (const scope of ['read:notes', 'read:notes write:notes2', undefined]) {
      const { status, headers } = await callWith({ scope })
      expect(status).toBe(403)
      expect(headers['www-authenticate']).toContain('scope="read:notes write:notes"')
    }
  })

  it('organization, none in particular, is any but not none', async () => {
    const { callWith } = guarded(requireOrganization())
    expect((await callWith({ organization_id: 'acme' })).status).toBe(200)
    expect((await callWith({ aud: 'urn:logto:organization:globex' })).status).toBe(200)
    expect((await callWith({})).status).toBe(403)
  })

  it('organization, by its ID, is that one', async () => {
    const { callWith } = guarded(requireOrganization('acme'))
    expect((await callWith({ organization_id: 'acme' })).status).toBe(200)
    expect((await callWith({ organization_id: 'globex' })).status).toBe(403)
  })

  it.each<[string, (req: Request) => unknown, string]>([
    ['a parameter left out', (req) => req.query.org, ''],
    ['an empty parameter', (req) => req.query.org, '?org='],
    ['a parameter given twice', (req) => req.query.org, '?org=acme&org=acme'],
    ['a list', () => ['acme'], ''],
    ['an object that reads as an ID', () => ({ toString: () => 'acme' }), ''],
    ['null', () => null, ''],
    ['true', () => true, ''],
    ['a name that every object has', () => '__proto__', ''],
    ['a promise of nothing', async () => undefined, ''],
  ])('organization, %s, is nobody’s', async (_what, find, query) => {
    const { callWith } = guarded(requireOrganization(find))
    for (const claims of [{ organization_id: 'acme' }, {}]) {
      const { status, body } = await callWith(claims, `/${query}`)
      expect([status, body.error?.code]).toEqual([403, 'insufficient_scope'])
    }
  })

  it('organization, found by a promise, is that one', async () => {
    const { callWith } = guarded(requireOrganization(async (req) => req.query.org))
    expect((await callWith({ organization_id: 'acme' }, '/?org=acme')).status).toBe(200)
    expect((await callWith({ organization_id: 'acme' }, '/?org=globex')).status).toBe(403)
  })

  it.each<[string, (req: Request) => unknown]>([
    ['throws', (req) => (req.query.org as string).trim()],
    ['throws nothing', () => Promise.reject()],
    ['throws the name of a way on', () => Promise.reject('route')],
  ])('organization, looked for by what %s, lets nobody through', async (_what, find) => {
    const { callWith } = guarded(requireOrganization(find))
    expect((await callWith({ organization_id: 'acme' })).status).toBe(500)
  })

  // What a host in JavaScript may write, or one whose setting is not set.
  const inJavaScript = { requireOrganization, requireScope, requireAccess } as unknown as Record<
    'requireOrganization' | 'requireScope' | 'requireAccess',
    (...args: unknown[]) => RequestHandler
  >

  it.each([[undefined], [null], [''], [0], [7], [true], [[]], [['acme']], [{}]])(
    'organization and scope, asked for as %j, cannot be asked for',
    (value) => {
      expect(() => inJavaScript.requireOrganization(value)).toThrow(TypeError)
      expect(() => inJavaScript.requireScope(value)).toThrow(TypeError)
      expect(() => inJavaScript.requireScope('read:notes', value)).toThrow(TypeError)
    },
  )

  it('scope, none or one that no token can have, cannot be asked for', () => {
    expect(() => inJavaScript.requireScope()).toThrow(TypeError)
    for (const scope of ['read:notes write:notes', 'read:"notes"', 'read\\notes', 'läsen', 'a\r\nb']) {
      expect(() => requireScope(scope), scope).toThrow(TypeError)
    }
  })

  it.each([{ organizationTokens: 'false' }, { organizationTokens: 1 }, { organisationTokens: true }])(
    'access, with the options %j, cannot be asked for',
    (options) => {
      const logto = createLogtoClient(testConfig(), new FakeLogto().fetch)
      expect(() => inJavaScript.requireAccess({ config: testConfig(), logto }, options)).toThrow(TypeError)
    },
  )

  it('page, behind requireSignIn, is for members of its organization, and strangers sign in first', async () => {
    const sso = testSingleSignOn()
    const app = express()
      .use(sso.routes)
      .get(
        '/',
        sso.requireSignIn,
        sso.requireScope('read:notes'),
        sso.requireOrganization('acme'),
        (req, res) => {
          res.json(sso.accessOf(req))
        },
      )
      .use(sso.errors)
    const as = async (organizations: string[]) => {
      const cookie = await sso.cookieFor({ organizations })
      return supertest(app).get('/').set({ cookie, accept: 'text/html' })
    }
    expect((await as(['globex', 'acme'])).body).toMatchObject({
      by: 'session',
      organizations: ['globex', 'acme'],
    })
    expect((await as(['globex'])).status).toBe(403)
    expect((await supertest(app).get('/').set('accept', 'text/html')).status).toBe(303)
  })

  it('guard, called where it is to be handed over, says so', () => {
    const requireSignIn = testSingleSignOn().requireSignIn as (...given: unknown[]) => void
    expect(() => requireSignIn()).toThrow('requireSignIn')
  })

  it('guard, without requireAccess before it, lets nobody through', async () => {
    for (const guard of [requireScope('read:notes'), requireOrganization()]) {
      const app = express()
        .use(guard, (_req, res) => res.send('in'))
        .use(((_error, _req, res, _next) => res.status(500).end()) as ErrorRequestHandler)
      expect((await supertest(app).get('/')).status).toBe(500)
    }
  })

  it('keys, made up by strangers, have Logto asked no more often than its rest allows', async () => {
    const { logto, call } = guarded()
    expect((await call(await logto.accessToken())).status).toBe(200)
    const before = logto.callsTo(paths.keys)
    for (let turn = 0; turn < 2; turn++) {
      const tokens = await Promise.all(
        Array.from({ length: 10 }, (_, at) =>
          logto.accessToken({ key: 'stranger', header: { kid: `made-up-${turn}-${at}` } }),
        ),
      )
      const answers = await Promise.all(tokens.map((token) => call(token)))
      expect(answers.every(({ status }) => status === 401)).toBe(true)
      if (turn === 0) expect(logto.callsTo(paths.keys)).toBeLessThanOrEqual(before + 2)
    }
    expect(logto.callsTo(paths.keys)).toBeLessThanOrEqual(before + 4)
  })
})
