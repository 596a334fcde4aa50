import * as oidc from 'openid-client'
import { afterEach, describe, expect, it } from 'vitest'
import { sandboxForTests, signUp } from './support.ts'

const context = sandboxForTests()
const control = () => context.sandbox.control
const refresh = (token = '') => oidc.refreshTokenGrant(context.app.configuration, token)

/** A refresh as it goes over the wire. */
function post(refreshToken = '', signal?: AbortSignal) {
  const { endpoint, appId, appSecret } = context.sandbox.logto
  return fetch(`${endpoint}/oidc/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${appId}:${appSecret}`)}` },
    body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken }),
    ...(signal && { signal }),
  })
}

/** The token requests made while `act` runs. */
async function requestsOf(act: () => Promise<unknown>) {
  const before = control().tokenRequests.length
  await act()
  return control().tokenRequests.slice(before)
}

afterEach(() => {
  control().clearFaults()
  control().rotateRefreshTokens(false)
  control().shortenTokens(3600)
})

describe('slow tokens', () => {
  it('answer, late, is the right one, and has been given before it is sent', async () => {
    const { tokens } = await signUp(context)
    control().rotateRefreshTokens(true)
    control().slowTokens(300)
    const begun = performance.now()
    const pending = post(tokens.refresh_token)
    await expect
      .poll(() => control().tokenRequests.at(-1))
      .toMatchObject({ grantType: 'refresh_token', answer: 200 })
    expect(performance.now() - begun).toBeLessThan(300)
    const response = await pending
    expect(performance.now() - begun).toBeGreaterThanOrEqual(299)
    expect(response.status).toBe(200)
  })

  it('caller, gone before the answer, has lost the refresh token it was given', async () => {
    const { tokens } = await signUp(context)
    control().rotateRefreshTokens(true)
    control().slowTokens(60_000)
    const left = new AbortController()
    const before = control().tokenRequests.length
    const pending = post(tokens.refresh_token, left.signal)
    await expect.poll(() => control().tokenRequests.length).toBe(before + 1)
    left.abort()
    await expect(pending).rejects.toThrow()
    control().clearFaults()
    expect((await post(tokens.refresh_token)).status).toBe(400)
  })

  it('other endpoints, meanwhile, answer at once, and are not counted', async () => {
    const { tokens } = await signUp(context)
    control().slowTokens(60_000)
    control().failTokens(500)
    const requests = await requestsOf(async () => {
      const { configuration } = context.app
      expect(await oidc.tokenIntrospection(configuration, tokens.access_token)).toMatchObject({
        active: true,
      })
    })
    expect(requests).toEqual([])
  })

  it.each([-1, Number.NaN])('slow tokens, by %s, is refused', (milliseconds) => {
    expect(() => control().slowTokens(milliseconds)).toThrow(RangeError)
  })
})

describe('failing tokens', () => {
  it.each([500, 503, 429])('answer, of %i, does nothing of what was asked', async (status) => {
    const { tokens } = await signUp(context)
    control().rotateRefreshTokens(true)
    control().failTokens(status)
    const requests = await requestsOf(async () => {
      const response = await post(tokens.refresh_token)
      expect(response.status).toBe(status)
      expect(await response.text()).not.toContain('access_token')
    })
    expect(requests).toEqual([{ at: expect.any(Number), grantType: 'refresh_token', answer: status }])
    control().clearFaults()
    expect((await refresh(tokens.refresh_token)).access_token).toEqual(expect.any(String))
  })

  it('connection, reset, gives no answer, and nothing was done', async () => {
    const { tokens } = await signUp(context)
    control().rotateRefreshTokens(true)
    control().failTokens('reset')
    await expect(post(tokens.refresh_token)).rejects.toThrow()
    expect(control().tokenRequests.at(-1)).toMatchObject({ grantType: 'refresh_token', answer: 'reset' })
    control().clearFaults()
    expect((await post(tokens.refresh_token)).status).toBe(200)
  })

  it('failure, of a slow endpoint, is late', async () => {
    control().slowTokens(200)
    control().failTokens(502)
    const begun = performance.now()
    expect((await post()).status).toBe(502)
    expect(performance.now() - begun).toBeGreaterThanOrEqual(199)
  })

  it.each([200, 399, 600, 500.5])('failing tokens, with %s, is refused', (status) => {
    expect(() => control().failTokens(status)).toThrow(RangeError)
  })
})

describe('refused refresh', () => {
  it('refresh, refused, is 400 invalid_grant in Logto’s form, and the token is good again after', async () => {
    const { tokens } = await signUp(context)
    control().refuseRefresh()
    const response = await post(tokens.refresh_token)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ code: 'oidc.invalid_grant', error: 'invalid_grant' })
    control().clearFaults()
    expect((await post(tokens.refresh_token)).status).toBe(200)
  })

  it('sign-in, meanwhile, goes on', async () => {
    control().refuseRefresh()
    const { tokens } = await signUp(context)
    expect(tokens.claims()?.sub).toEqual(expect.any(String))
  })
})

describe('token requests', () => {
  it('requests, of a sign-in and a refresh, are counted by grant type and hold no secret', async () => {
    const before = Date.now()
    const requests = await requestsOf(async () => {
      const { tokens } = await signUp(context)
      await refresh(tokens.refresh_token)
      await post('nonsense')
    })
    expect(requests).toEqual([
      { at: expect.any(Number), grantType: 'authorization_code', answer: 200 },
      { at: expect.any(Number), grantType: 'refresh_token', answer: 200 },
      { at: expect.any(Number), grantType: 'refresh_token', answer: 400 },
    ])
    expect(requests[0]?.at).toBeGreaterThanOrEqual(before)
  })

  it('request, without a grant type or a body that can be read, is counted all the same', async () => {
    const { endpoint } = context.sandbox.logto
    const requests = await requestsOf(async () => {
      await fetch(`${endpoint}/oidc/token`, { method: 'POST' })
      control().failTokens(500)
      await fetch(`${endpoint}/oidc/token`, { method: 'POST', body: `grant_type=${'x'.repeat(20_000)}` })
    })
    expect(requests).toMatchObject([
      { grantType: '', answer: 400 },
      { grantType: '', answer: 500 },
    ])
  })
})

describe('lives of tokens', () => {
  it('access token, shortened, says so and ends so; one issued before does not', async () => {
    const { tokens } = await signUp(context)
    expect(tokens.expires_in).toBe(3600)
    control().shortenTokens(1)
    const short = await refresh(tokens.refresh_token)
    expect(short.expires_in).toBe(1)
    const { configuration } = context.app
    const sub = tokens.claims()?.sub ?? ''
    await expect
      .poll(() => oidc.tokenIntrospection(configuration, short.access_token))
      .toEqual({ active: false })
    expect(await oidc.fetchUserInfo(configuration, tokens.access_token, sub)).toMatchObject({ sub })
  })

  it.each([0, -1, 1.5])('access token, shortened to %s seconds, is refused', (seconds) => {
    expect(() => control().shortenTokens(seconds)).toThrow(RangeError)
  })

  it('refresh, always rotating, gives a new token, and the old one used again ends the grant', async () => {
    const { tokens } = await signUp(context)
    control().rotateRefreshTokens(true)
    const first = await refresh(tokens.refresh_token)
    const second = await refresh(first.refresh_token)
    expect(new Set([tokens, first, second].map((answer) => answer.refresh_token)).size).toBe(3)
    expect((await post(first.refresh_token)).status).toBe(400)
    expect((await post(second.refresh_token)).status).toBe(400)
  })

  it('fixing, of faults, leaves how tokens live and rotate', async () => {
    const { tokens } = await signUp(context)
    control().shortenTokens(7)
    control().rotateRefreshTokens(true)
    control().clearFaults()
    const answer = await refresh(tokens.refresh_token)
    expect(answer.expires_in).toBe(7)
    expect(answer.refresh_token).not.toBe(tokens.refresh_token)
  })
})
