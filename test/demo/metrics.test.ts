import { metrics } from '@opentelemetry/api'
import express from 'express'
import supertest from 'supertest'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { serveMetrics } from '../../src/demo/metrics.ts'
import { singleSignOn } from '../../src/sso/index.ts'
import { memoryBackend } from '../../src/sso/session/backend/memory-backend.ts'
import { takeLease } from '../../src/sso/session/session-store.ts'
import { openTelemetry } from '../../src/sso/telemetry/open-telemetry.ts'
import { FakeLogto } from '../../src/testing/fake-logto.ts'
import { signInAs, talksTo } from '../../src/testing/sign-in-as.ts'
import { baseUrl, testConfig } from '../support/app.ts'
import { freePorts } from '../support/free-ports.ts'
import { keptLog } from '../support/kept-log.ts'
import { read } from '../support/readmes.ts'

const page = { host: new URL(baseUrl).host, accept: 'text/html' }
const [, measured = '', alarms = ''] = read('src/sso/telemetry/README.md').split(
  /^## What is measured|^## What to alarm on|^## What is traced/m,
)
/** What the README says is measured: a name and its labels. */
const promised = [...measured.matchAll(/^\| `(\w+)` \|(.*?)\|/gm)].map(([, name = '', labels = '']) => ({
  name,
  labels: labels.match(/\w+/g) ?? [],
}))
/** What the README's queries ask for: a name and the labels that they choose by. */
const asked = [...alarms.matchAll(/\b(sso_\w+)(?:\{([^}]*)\})?\[/g)].map(([, name = '', chosen = '']) => ({
  name,
  labels: [...chosen.matchAll(/(\w+)=/g)].map(([, label]) => label),
}))

describe('/metrics', () => {
  let port = 0
  let close: () => Promise<void>
  const scrape = async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  const series = (text: string, name: string) =>
    text.match(new RegExp(`^${name}(\\{.*\\})? \\S+$`, 'gm')) ?? []

  beforeAll(async () => {
    ;[port = 0] = await freePorts(1)
    close = await serveMetrics({ port, host: '127.0.0.1' })
  })
  afterAll(async () => {
    vi.useRealTimers()
    metrics.disable()
    await close()
  })

  it('measurements, before anything has happened, are nought, so that they can be compared with', async () => {
    await openTelemetry()
    const text = await scrape()
    for (const name of ['sso_sign_ins_total', 'sso_redis_away', 'sso_companies'])
      expect(series(text, name)).toEqual([`${name} 0`])
  })

  it('all that the README measures and alarms on, is there by that name and these labels', async () => {
    const logto = new FakeLogto()
    const { logger } = keptLog()
    const sso = await singleSignOn(testConfig({ RATE_LIMIT: '2' }), { logger, fetch: logto.fetch })
    const host = express().use(sso.routes)
    host.get('/reports', sso.requireSignIn, (_req, res) => void res.send('reports'))
    host.use(sso.errors)
    talksTo(host, { logto, baseUrl })
    const agent = supertest.agent(host)
    await signInAs(agent)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_601_000 })
    await agent.get('/reports').set(page)
    await agent.get('/sign-out').set(page)
    for (let round = 0; round < 3; round++) await agent.get('/callback?state=x').set(page)
    vi.useRealTimers()
    const backend = memoryBackend({ idle: 1000 })
    await backend.lease('taken', 'somebody', 50)
    await takeLease(backend, 'taken', 5000, await openTelemetry())

    const text = await scrape()
    expect([promised.length, asked.length]).toEqual([9, 9])
    const timed = promised.filter(({ name }) => name.endsWith('_seconds'))
    const points = promised.filter((each) => !timed.includes(each))
    const parts = timed.flatMap(({ name, labels }) => [
      { name: `${name}_count`, labels },
      { name: `${name}_bucket`, labels: [...labels, 'le'] },
    ])
    for (const { name, labels } of [...points, ...parts, ...asked]) {
      const [one = 'nothing'] = series(text, name)
      expect(one, name).toContain(name)
      for (const label of labels) expect(one).toContain(`${label}="`)
    }
  })
})
