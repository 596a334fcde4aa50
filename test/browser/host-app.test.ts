import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { pino } from 'pino'
import { afterAll, describe, expect, it } from 'vitest'
import { singleSignOn } from '../../src/sso/single-sign-on.ts'
import { FakeLogto } from '../../src/testing/fake-logto.ts'
import { testConfig } from '../support/app.ts'
import { browserFound, launchBrowser } from '../support/browser.ts'

describe.skipIf(!browserFound())('a host app, in Chromium', () => {
  let server: Server | undefined
  afterAll(() => void server?.close())

  it('guard’s redirect, of a host that has everything cached, is asked for anew each time', async () => {
    const browser = await launchBrowser()
    try {
      server = express().listen(0, 'localhost')
      await once(server, 'listening')
      const url = `http://localhost:${(server.address() as AddressInfo).port}`
      const sso = await singleSignOn(testConfig({ BASE_URL: url }), {
        logger: pino({ level: 'silent' }),
        fetch: new FakeLogto().fetch,
      })
      let asked = 0
      const app = express()
        .use((_req, res, next) => {
          res.set('Cache-Control', 'public, max-age=300')
          next()
        })
        .get('/sign-in', (_req, res) => void res.send('on to Logto'))
        .use(sso.routes)
        .use('/reports', (_req, _res, next) => {
          asked++
          next()
        })
        .use('/reports', sso.requireSignIn)
      server.removeAllListeners('request').on('request', app)

      const page = await browser.newPage()
      for (const times of [1, 2]) {
        await page.goto(`${url}/reports`)
        expect(new URL(page.url()).pathname).toBe('/sign-in')
        expect(asked).toBe(times)
      }
    } finally {
      await browser.close()
    }
  })
})
