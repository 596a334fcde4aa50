import { describe, expect, it } from 'vitest'
import { signedInApp } from '../support/app.ts'

const every = ['get', 'head', 'post', 'put', 'patch', 'delete', 'options'] as const

describe('methods', () => {
  it.each([
    ['/sign-in', 'GET, POST'],
    ['/sign-in/acme', 'GET'],
    ['/sign-up', 'GET'],
    ['/callback?code=a&state=b', 'GET'],
    ['/sign-out', 'GET, POST'],
    ['/backchannel-logout', 'POST'],
    ['/webhooks/logto', 'POST'],
    ['/webhooks/okta/connector-acme', 'GET, POST'],
    ['/global-token-revocation', 'POST'],
    ['/sso/assets/style.css', 'GET, HEAD'],
    ['/', 'GET, HEAD'],
    ['/readyz', 'GET, HEAD'],
    ['/api/notes', 'GET, HEAD'],
    ['/sessions/end', 'POST'],
    ['/sessions/end-others', 'POST'],
    ['/sessions/end-everywhere', 'POST'],
  ])('%s, by any method but %s, is a 405 that begins and ends nothing', async (path, allowed) => {
    const { test, browser } = await signedInApp({ settings: { LOGTO_WEBHOOK_SIGNING_KEY: 'a-key' } })
    const calls = [...test.logto.calls]
    for (const method of every.filter((name) => !allowed.split(', ').includes(name.toUpperCase()))) {
      const response = await browser[method](path)
      expect([response.status, response.headers.allow], method).toEqual([405, allowed])
      expect(response.headers['set-cookie'], method).toBeUndefined()
    }
    expect(test.logto.calls).toEqual(calls)
    await expect(browser).toBeSignedIn()
  })
})
