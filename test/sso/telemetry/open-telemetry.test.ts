import { context, metrics, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import express from 'express'
import supertest from 'supertest'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Logger } from '../../../src/sso/http/logger.ts'
import { connectRedis } from '../../../src/sso/redis/redis-connection.ts'
import { memoryBackend } from '../../../src/sso/session/backend/memory-backend.ts'
import { takeLease } from '../../../src/sso/session/session-store.ts'
import { singleSignOn } from '../../../src/sso/single-sign-on.ts'
import { openTelemetry } from '../../../src/sso/telemetry/open-telemetry.ts'
import { noTelemetry } from '../../../src/sso/telemetry/telemetry.ts'
import { FakeLogto, paths } from '../../../src/testing/fake-logto.ts'
import { down, refuse } from '../../../src/testing/logto-answers.ts'
import { signInAs, talksTo } from '../../../src/testing/sign-in-as.ts'
import { baseUrl, testConfig } from '../../support/app.ts'
import { FakeOkta } from '../../support/fake-okta.ts'
import { freePorts } from '../../support/free-ports.ts'

const host = new URL(baseUrl).host
const page = { host, accept: 'text/html' }

afterEach(() => {
  for (const api of [trace, metrics, context]) api.disable()
})

/** Registers an SDK as a process does at its start. */
function sdk() {
  const spans = new InMemorySpanExporter()
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }))
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }))
  /** The points of all measurements by name: attributes, and the value or how many were timed. */
  async function measured() {
    exporter.reset()
    await reader.forceFlush()
    const all = exporter
      .getMetrics()
      .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((each) => each.metrics))
    return Object.fromEntries(
      all.map(({ descriptor, dataPoints }) => [
        descriptor.name,
        dataPoints.map(({ attributes, value }) => [
          attributes,
          typeof value === 'object' ? value.count : value,
        ]),
      ]),
    )
  }
  return { spans: () => spans.getFinishedSpans(), measured }
}

const logger: Logger = { info() {}, warn() {}, error() {}, child: () => logger }

async function app(settings: Record<string, string> = {}, logto = new FakeLogto()) {
  const sso = await singleSignOn(testConfig(settings), { logger, fetch: logto.fetch })
  const host = express().use(sso.routes)
  host.get('/reports', sso.requireSignIn, (_req, res) => void res.send('reports'))
  host.use(sso.errors)
  talksTo(host, { logto, baseUrl })
  return { logto, host }
}

describe('OpenTelemetry', () => {
  it('process, without an SDK, gets nothing to run', async () => {
    expect(await openTelemetry()).toEqual(noTelemetry)
  })

  it('process, with tracing alone, measures nothing, and with measurements alone traces nothing', async () => {
    const onStart = vi.fn()
    const watching = { onStart, onEnd() {}, forceFlush: async () => {}, shutdown: async () => {} }
    trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [watching] }))
    expect(await openTelemetry()).toMatchObject({ count: noTelemetry.count, time: noTelemetry.time })
    expect(onStart).not.toHaveBeenCalled()
    trace.disable()
    metrics.setGlobalMeterProvider(new MeterProvider())
    expect(await openTelemetry()).toMatchObject({ span: noTelemetry.span })
  })

  it('sign-in and its end, are counted and traced with each call to Logto, and nobody is named', async () => {
    const { spans, measured } = sdk()
    const { logto, host } = await app({
      SSO_CONNECTORS:
        '[{"id":"c1","name":"Acme","issuer":"https://acme.okta.com","domains":["acme.example"]}]',
    })
    const agent = supertest.agent(host)
    await signInAs(agent, { sub: 'user-7', email: 'erin@acme.example' })
    await agent.get('/sign-out').set(page)
    await agent.get('/callback?state=x').set(page)

    const found = await measured()
    expect(found).toMatchObject({
      'sso.sign_ins': [[{}, 1]],
      'sso.sessions.ended': [[{ by: 'signed_out' }, 1]],
      'sso.refusals': [[{ address: '/callback', reason: 'attempt_unknown' }, 1]],
      'sso.companies': [[{}, 1]],
    })
    expect(found['sso.logto.request.duration']).toContainEqual([{ operation: 'token', outcome: '200' }, 1])
    const names = spans().map(({ name }) => name)
    expect(names).toEqual(
      expect.arrayContaining(['sso /sign-in', 'sso /callback', 'sso /sign-out', 'logto token']),
    )
    const refused = spans().filter(({ name, status }) => name === 'sso /callback' && status.code === 2)
    expect(refused.map(({ attributes }) => attributes)).toEqual([
      { 'http.route': '/callback', 'error.type': 'attempt_unknown' },
    ])
    const said = JSON.stringify([
      found,
      spans().map(({ name, attributes, status, events }) => ({ name, attributes, status, events })),
    ])
    for (const secret of ['user-7', 'erin', 'acme', logto.refreshToken, 'eyJ', 'state'])
      expect(said).not.toContain(secret)
  })

  it.each([
    { answer: 'new tokens', breaks: () => {}, outcome: 'renewed' },
    {
      answer: 'a fault',
      breaks: (logto: FakeLogto) => logto.break(paths.token, down),
      outcome: 'failed',
    },
    {
      answer: 'a refusal',
      breaks: (logto: FakeLogto) => {
        logto.renewed = undefined
      },
      outcome: 'refresh_refused',
    },
  ])('renewal, answered with $answer, is counted as $outcome', async ({ breaks, outcome }) => {
    const { measured } = sdk()
    const { logto, host } = await app()
    const agent = supertest.agent(host)
    await signInAs(agent)
    breaks(logto)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_601_000 })
    await agent.get('/reports').set(page)
    expect((await measured())['sso.refreshes']).toEqual([[{ outcome }, 1]])
  })

  it('call, that reaches nobody, is timed as unreachable', async () => {
    const { measured } = sdk()
    const { logto, host } = await app()
    logto.break(paths.discovery, down)
    await supertest(host).get('/sign-in').set(page)
    const calls = (await measured())['sso.logto.request.duration']
    expect(calls).toContainEqual([{ operation: 'discovery', outcome: 'unreachable' }, 1])
  })

  it('call, that Logto answers with an error, is a span of a client, and failed', async () => {
    const { spans } = sdk()
    const { logto, host } = await app()
    logto.break(paths.discovery, async () => refuse(500, 'server_error'))
    await supertest(host).get('/sign-in').set(page)
    const calls = spans().filter(({ name }) => name === 'logto discovery')
    expect(
      calls.map(({ kind, status, attributes }) => [kind, status.code, attributes['error.type']]),
    ).toEqual([[SpanKind.CLIENT, SpanStatusCode.ERROR, '500']])
  })

  it('limit, met, is counted by its name', async () => {
    const { measured } = sdk()
    const { host } = await app({ RATE_LIMIT: '1' })
    await supertest(host).get('/sign-in').set(page)
    await supertest(host).get('/sign-in').set(page)
    expect((await measured())['sso.limits.hit']).toEqual([[{ limit: 'sign-in' }, 1]])
  })

  it('call, of a company’s keys, is none to Logto', async () => {
    const { measured } = sdk()
    const okta = new FakeOkta('https://acme.okta.com')
    const company = { id: 'c1', name: 'Acme', issuer: okta.issuer, domains: ['acme.example'] }
    const settings = { SSO_CONNECTORS: JSON.stringify([{ ...company, clientId: 'client-of-acme' }]) }
    const logto = new FakeLogto()
    okta.joins(logto)
    const { host } = await app(settings, logto)
    const ask = supertest(host)
      .post('/global-token-revocation')
      .set({ ...page, 'content-type': 'application/json' })
    const token = await okta.revocationToken()
    const { status } = await ask
      .set('authorization', `Bearer ${token}`)
      .send({ sub_id: { format: 'iss_sub', iss: okta.issuer, sub: 'nobody' } })
    expect([status, okta.calls.length]).toEqual([204, 2])
    const calls = (await measured())['sso.logto.request.duration']
    expect(JSON.stringify(calls)).not.toMatch(/discovery|keys/)
  })

  it('Redis, that nobody finds, is away, and each use of it is a span that failed', async () => {
    const { spans, measured } = sdk()
    const [port] = await freePorts(1)
    const at = { urls: [`redis://127.0.0.1:${port}`], baseUrl }
    const redis = await connectRedis(at, logger, await openTelemetry())
    await expect(redis.run((client) => client.get('x'))).rejects.toThrow()
    expect((await measured())['sso.redis.away']).toEqual([[{}, 1]])
    expect(spans().map(({ name, kind, status }) => [name, kind, status.code])).toEqual([
      ['redis', SpanKind.CLIENT, 2],
    ])
    await redis.close()
  })

  it('lease, of somebody else, is a wait that is timed', async () => {
    const { measured } = sdk()
    const telemetry = await openTelemetry()
    const backend = memoryBackend({ idle: 1000 })
    await takeLease(backend, 'free', 1000, telemetry)
    await backend.lease('taken', 'somebody', 50)
    await takeLease(backend, 'taken', 5000, telemetry)
    expect((await measured())['sso.lease.wait.duration']).toEqual([[{}, 1]])
  })
})
