import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { blankForTests, isChange, stateOf } from './support.ts'

const context = blankForTests()
const { wire } = context

const withApi = { apiResource: 'https://api.app.test', apiPermissions: ['read:notes'] }
const plan = () => context.plan(withApi)
const refusal = (changes = {}) => context.refusal({ ...withApi, ...changes })

const HTML = { 'content-type': 'text/html' }
const JSON_TYPE = { 'content-type': 'application/json' }

/** What a server in the tenant's place, or one in between, may answer instead of it. */
const ANSWERS: Array<[what: string, answer: () => Response]> = [
  ['a redirect', () => new Response(null, { status: 302, headers: { location: 'https://elsewhere.test/' } })],
  ['a page', () => new Response('<!doctype html><p>Hello', { headers: HTML })],
  ['nothing', () => new Response(null, { status: 204 })],
  ['an empty text', () => new Response('', { headers: JSON_TYPE })],
  ['half a JSON', () => new Response('[{"id":"x","na', { headers: JSON_TYPE })],
  ['another JSON', () => Response.json({ hello: 'world' })],
  ['a list of others', () => Response.json([{ hello: 'world' }])],
  ['null', () => Response.json(null)],
  ['a page that there is none', () => new Response('<h1>Not found</h1>', { status: 404, headers: HTML })],
  ['a JSON that there is none', () => Response.json({ message: 'nope' }, { status: 404 })],
]

/** Its faults, and those of what stands before it. */
const FAULTS: Array<[what: string, answer: () => Response]> = [
  ['a page of a fault', () => new Response('<h1>Bad gateway</h1>', { status: 502, headers: HTML })],
  ['an empty fault', () => new Response(null, { status: 503 })],
  ['a JSON of a fault', () => Response.json({ message: 'oops' }, { status: 500 })],
]

const LOGTO = [
  'GET /api/sso-connectors',
  'GET /api/applications',
  'GET /api/sign-in-exp',
  'GET /api/hooks',
  'GET /api/resources',
  'GET /api/roles',
]
const OKTA = ['GET /api/v1/apps', 'GET /api/v1/groups']

const all = [...ANSWERS, ...FAULTS]

describe('answers that are none', () => {
  it.each(LOGTO.flatMap((what) => ANSWERS.map(([answers, answer]) => ({ what, answers, answer }))))(
    'Logto, answering $what with $answers, is told from a Logto',
    async ({ what, answer }) => {
      wire.intercept = (sent, forward) => (sent.what === what ? answer() : forward())
      const message = await refusal()
      expect(message).toContain(context.sandbox.logto.endpoint)
      expect(message).toContain('LOGTO_ENDPOINT')
    },
  )

  it.each(OKTA.flatMap((what) => ANSWERS.map(([answers, answer]) => ({ what, answers, answer }))))(
    'Okta, answering $what with $answers, is told from an Okta',
    async ({ what, answer }) => {
      wire.intercept = (sent, forward) => (sent.what === what ? answer() : forward())
      const message = await refusal()
      expect(message).toContain(context.sandbox.okta.orgUrl)
      expect(message).toContain('OKTA_ORG_URL')
    },
  )

  it.each([
    ['Logto’s token endpoint', 'POST /oidc/token'],
    ['Logto', 'GET /api/sso-connectors'],
    ['Okta', 'GET /api/v1/apps'],
    ['the issuer', 'GET /.well-known/openid-configuration'],
  ])('%s, answering with more than a megabyte, is told so and not read', async (_who, what) => {
    let sent = 0
    const endless = () =>
      new ReadableStream({
        pull(controller) {
          sent += 1
          controller.enqueue(new Uint8Array(100_000))
        },
      })
    wire.intercept = (request, forward) => (request.what === what ? new Response(endless()) : forward())
    expect(await refusal()).toContain('answers with more than a megabyte, which is not read')
    expect(sent).toBeLessThan(20)
  })

  it.each(ANSWERS)('token endpoint of Logto, answering with %s, is told from one', async (_case, answer) => {
    wire.intercept = ({ what }, forward) => (what === 'POST /oidc/token' ? answer() : forward())
    const message = await refusal()
    expect(message).toMatch(/is not a Logto: its \/oidc\/token answered \d{3}/)
  })

  it.each(
    ['POST /oidc/token', ...LOGTO, ...OKTA].flatMap((what) =>
      FAULTS.map(([answers, answer]) => ({ what, answers, answer })),
    ),
  )('either, answering $what with $answers, is at fault itself', async ({ what, answer }) => {
    wire.intercept = (sent, forward) => (sent.what === what ? answer() : forward())
    const message = await refusal()
    expect(message).toMatch(/answers? with an error of its own \(50\d\)/)
    expect(message).toContain('run provision again')
  })

  it('issuer, at fault while a secret is tried, is not taken for one that takes it', async () => {
    const { provision } = context
    await provision()
    wire.reset()
    wire.answer('POST /oauth2/v1/token', () => new Response('', { status: 503 }))
    expect(await refusal()).toContain('answers with an error of its own (503)')
  })

  it('Okta, with an error of its own in its own words, passes them on', async () => {
    const error = { errorCode: 'E0000009', errorSummary: 'Internal Server Error', errorCauses: [] }
    wire.answer('GET /api/v1/apps', () => Response.json(error, { status: 500 }))
    expect(await refusal()).toContain('Okta refuses (500 E0000009): Internal Server Error.')
  })

  it('Okta, several causes, tells all of them', async () => {
    const error = {
      errorCode: 'E0000001',
      errorSummary: 'Api validation failed: x',
      errorCauses: [{ errorSummary: 'first.' }, { errorSummary: 'second.' }],
    }
    wire.answer('GET /api/v1/apps', () => Response.json(error, { status: 400 }))
    expect(await refusal()).toContain('Api validation failed: x; first; second.')
  })

  it('redirect, of any server, is never followed with the credentials', async () => {
    const [, redirect] = ANSWERS[0] ?? []
    for (const what of ['POST /oidc/token', ...LOGTO, ...OKTA, 'POST /oauth2/v1/token']) {
      wire.intercept = (sent, forward) => (sent.what === what && redirect ? redirect() : forward())
      await plan().catch(() => {})
    }
    expect(wire.sent.map(({ url }) => url.hostname)).not.toContain('elsewhere.test')
  })

  it('redirect, from one address of Logto to another, is told and not followed', async () => {
    const { logto } = context.sandbox
    const server = createServer((req, res) => {
      res.writeHead(307, { location: logto.endpoint + req.url }).end()
    })
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
    try {
      const endpoint = `http://localhost:${(server.address() as AddressInfo).port}`
      const message = await refusal({ logto: { ...logto, endpoint } })
      expect(message).toContain(`${endpoint} is not a Logto: its /oidc/token answered 307`)
    } finally {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  })

  it.each(all)(
    'change, answered with %s, ends in words and with no secret in them',
    async (_case, answer) => {
      const provisioning = await plan()
      wire.intercept = (sent, forward) => (isChange(sent) ? answer() : forward())
      const before = stateOf(context.sandbox)
      await expect(provisioning.apply()).rejects.toThrow(/\n {2}→ /)
      expect(stateOf(context.sandbox)).toEqual(before)
    },
  )
})

describe('servers that do not answer', () => {
  const never = () => {
    throw new DOMException('The operation was aborted due to timeout', 'TimeoutError')
  }

  it.each(['POST /oidc/token', ...LOGTO, ...OKTA])('%s, no answer in time, says so', async (what) => {
    wire.intercept = (sent, forward) => (sent.what === what ? never() : forward())
    const message = await refusal()
    expect(message).toContain('does not answer: nothing came within 20 s.')
    expect(message).toContain('Check the address for mistakes')
  })

  it('answer, breaking off in its middle, says so', async () => {
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('[{"id"'))
        controller.error(new Error('other side closed'))
      },
    })
    wire.intercept = ({ what }, forward) => (what === 'GET /api/hooks' ? new Response(body) : forward())
    expect(await refusal()).toContain('does not answer: other side closed')
  })

  it('every call, of planning and applying, carries a limit in time', async () => {
    const limits: unknown[] = []
    const { send } = wire.options
    await plan()
    const { planProvisioning } = await import('../../src/provision/provision.ts')
    const { apply } = await planProvisioning(context.desired(), {
      ...wire.options,
      send: (input, init) => {
        limits.push(init?.signal)
        return (send ?? fetch)(input, init)
      },
    })
    await apply()
    expect(limits.length).toBeGreaterThan(15)
    for (const signal of limits) expect(signal).toBeInstanceOf(AbortSignal)
  })
})
