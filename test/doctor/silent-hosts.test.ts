import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer, type Server } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { EMAIL, House, resultOf } from './house.ts'

/** Takes connections, and says nothing. */
let silent: Server
let address: string
let house: House
beforeEach(async () => {
  const sockets = new Set<{ destroy: () => void }>()
  silent = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
  })
  silent.on('close-all', () => {
    for (const socket of sockets) socket.destroy()
  })
  await once(silent.listen(0, 'localhost'), 'listening')
  address = `http://localhost:${(silent.address() as AddressInfo).port}`
  house = await House.open()
  house.settings.LOGTO_TIMEOUT_SECONDS = '0.3'
})
afterEach(async () => {
  silent.emit('close-all')
  await Promise.all([new Promise((resolve) => silent.close(resolve)), house.close()])
})

describe('hosts that take a connection and never answer', () => {
  it('doctor, a silent app, gives up and goes on with Logto', async () => {
    house.ofTheDoctor.BASE_URL = address
    const results = await house.examine()
    expect(resultOf(results, 'app')).toMatchObject({ status: 'broken', answer: 'no answer in time' })
    expect(resultOf(results, 'cookies')).toMatchObject({ status: 'skipped', because: 'because of app' })
    expect(resultOf(results, 'app-secret').status).toBe('ok')
  })

  it('doctor, a silent Logto, gives up once and tries nothing behind it', async () => {
    house.settings.LOGTO_ENDPOINT = address
    house.startApp()
    const results = await house.examine({ email: EMAIL, more: house.management })
    expect(resultOf(results, 'logto-endpoint')).toMatchObject({
      status: 'broken',
      answer: 'no answer in time',
    })
    for (const id of ['logto-discovery', 'clock', 'management', 'app-id', 'sso-switch', 'okta-scopes']) {
      expect(resultOf(results, id)).toMatchObject({ status: 'skipped', because: 'because of logto-endpoint' })
    }
    expect(house.sent.filter((call) => call.startsWith('GET /api/'))).toEqual(['GET /api/status'])
  })

  it('doctor, a silent issuer, gives up when Logto waits for it', async () => {
    house.connector.config.issuer = address
    house.startApp()
    const results = await house.examine({ email: EMAIL })
    expect(resultOf(results, 'authorization-uri')).toMatchObject({
      status: 'broken',
      answer: 'no answer in time',
    })
    expect(resultOf(results, 'okta-client')).toMatchObject({ because: 'because of authorization-uri' })
  })

  it('doctor, Okta silent for this machine only, does not call it broken', async () => {
    const { send } = house
    const okta = new URL(house.sandbox.okta.issuer).origin
    house.send = (input, init) => {
      const url = String(input)
      return url.startsWith(okta) ? send(url.replace(okta, address), init) : send(input, init)
    }
    house.startApp()
    const results = await house.examine({ email: EMAIL })
    expect(resultOf(results, 'okta-issuer')).toMatchObject({ status: 'unknown', answer: 'no answer in time' })
    expect(resultOf(results, 'okta-client')).toMatchObject({ because: 'because of okta-issuer' })
    expect(results.filter(({ status }) => status === 'broken')).toEqual([])
  })
})
