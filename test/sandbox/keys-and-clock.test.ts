import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, errors, jwtVerify } from 'jose'
import * as oidc from 'openid-client'
import { afterEach, describe, expect, it } from 'vitest'
import { startBlankSandbox } from '../../src/sandbox/index.ts'
import { UserAgent } from '../support/user-agent.ts'
import { requestToken, sender } from './management-support.ts'
import { atSignIn, sandboxForTests, signOutUrl, signUp } from './support.ts'

const context = sandboxForTests()
const control = () => context.sandbox.control

afterEach(() => control().clearFaults())

const issuer = () => `${context.sandbox.logto.endpoint}/oidc`

async function publishedKeys(): Promise<string[]> {
  const { keys } = (await (await fetch(`${issuer()}/jwks`)).json()) as {
    keys: Array<{ kid: string; d?: string }>
  }
  for (const key of keys) expect(key).not.toHaveProperty('d')
  return keys.map(({ kid }) => kid)
}

/** Verified by the keys as they are published now, at a time of our choice. */
const verify = (token = '', currentDate = new Date()) =>
  jwtVerify(token, createRemoteJWKSet(new URL(`${issuer()}/jwks`)), {
    issuer: issuer(),
    audience: context.sandbox.logto.appId,
    currentDate,
  })

describe('rotated keys', () => {
  it('key, new, signs what comes after, and the old one still verifies what came before', async () => {
    const { tokens } = await signUp(context)
    const [old] = await publishedKeys()
    const kid = await control().rotateKeys()
    expect(kid).not.toBe(old)
    expect((await publishedKeys()).slice(0, 2)).toEqual([kid, old])
    const refreshed = await oidc.refreshTokenGrant(context.app.configuration, tokens.refresh_token ?? '')
    expect((await verify(refreshed.id_token)).protectedHeader.kid).toBe(kid)
    expect((await verify(tokens.id_token)).protectedHeader.kid).toBe(old)
  })

  it('keys, old, dropped with the rotation, verify nothing any more', async () => {
    const { tokens } = await signUp(context)
    const kid = await control().rotateKeys({ dropOld: true })
    expect(await publishedKeys()).toEqual([kid])
    await expect(verify(tokens.id_token)).rejects.toThrow(errors.JWKSNoMatchingKey)
    await expect(verify((await signUp(context)).tokens.id_token)).resolves.toBeDefined()
  })

  it('keys, rotated to RSA by the Management API, sign with RS256, and only the key before is kept', async () => {
    const sandbox = await startBlankSandbox({ logtoPort: 0, oktaPort: 0 })
    try {
      const newToken = async () => (await requestToken(sandbox.logto)).body.access_token
      const logto = async (method: string, path: string, body?: unknown) =>
        sender(`${sandbox.logto.endpoint}/api/configs/oidc/private-keys`, `Bearer ${await newToken()}`)(
          method,
          path,
          body,
        )
      const kinds = (answer: Awaited<ReturnType<typeof logto>>) =>
        answer.body.map((key: { signingKeyAlgorithm: string }) => key.signingKeyAlgorithm)
      const algorithms = async () => {
        const document = await fetch(`${sandbox.logto.endpoint}/oidc/.well-known/openid-configuration`)
        const read = (await document.json()) as { id_token_signing_alg_values_supported: string[] }
        return read.id_token_signing_alg_values_supported
      }
      expect(await logto('GET', '')).toMatchObject({
        body: [{ id: expect.any(String), createdAt: expect.any(Number), signingKeyAlgorithm: 'EC' }],
      })
      expect(await algorithms()).toEqual(['ES384'])
      const [first] = (await logto('GET', '')).body
      expect(await logto('DELETE', `/${first.id}`)).toMatchObject({
        status: 422,
        body: { code: 'oidc.key_required' },
      })

      const rotated = await logto('POST', '/rotate', { signingKeyAlgorithm: 'RSA' })
      expect([rotated.status, kinds(rotated)]).toEqual([200, ['RSA', 'EC']])
      expect((await algorithms()).sort()).toEqual(['ES384', 'PS256', 'RS256'])
      expect(decodeProtectedHeader(await newToken()).alg).toBe('RS256')
      expect(kinds(await logto('POST', '/rotate', {}))).toEqual(['EC', 'RSA'])
      expect(decodeProtectedHeader(await newToken()).alg).toBe('ES384')
      expect(await logto('POST', '/rotate', { signingKeyAlgorithm: 'OKP' })).toMatchObject({ status: 400 })

      const [newest] = (await logto('GET', '')).body
      expect((await logto('DELETE', `/${newest.id}`)).status).toBe(204)
      expect(decodeProtectedHeader(await newToken()).alg).toBe('RS256')
      expect((await logto('DELETE', `/${first.id}`)).status).toBe(422)
    } finally {
      await sandbox.close()
    }
  })

  it('sign-out and ID token, after a rotation to RSA, are signed with RS256, and verify', async () => {
    const rotate = async (kind: 'RSA' | 'EC') => {
      await control().rotateKeys({ kind })
      await context.app.use(context.sandbox) // Discovery, read anew, has the algorithm.
    }
    await rotate('RSA')
    try {
      const { browser, tokens } = await signUp(context)
      const algorithm = async (token: string | undefined) => (await verify(token)).protectedHeader.alg
      expect(await algorithm(tokens.id_token)).toBe('RS256')
      control().moveClock(5)
      const refreshed = await oidc.refreshTokenGrant(context.app.configuration, tokens.refresh_token ?? '')
      expect(await algorithm(refreshed.id_token)).toBe('RS256')
      control().clearFaults()
      await browser.open(signOutUrl(context))
      await browser.submit()
      expect(await algorithm(context.app.deliveries.at(-1)?.token)).toBe('RS256')
    } finally {
      await rotate('EC')
    }
  })

  it('sign-in, begun before a rotation, is finished after it, in the session it was begun in', async () => {
    const { browser, tokens, username, password } = await signUp(context)
    const other = await atSignIn(context)
    const kid = await control().rotateKeys()
    const page = await other.submit({ username, password })
    const signedIn = await context.app.exchange(page.url)
    expect((await verify(signedIn.id_token)).protectedHeader.kid).toBe(kid)
    // Single sign-on, by the cookie of before.
    const again = await browser.open(await context.app.signInUrl())
    expect((await context.app.exchange(again.url)).claims()?.sub).toBe(tokens.claims()?.sub)
  })

  it('sign-out, after a rotation, sends a logout token of the new key', async () => {
    const { browser } = await signUp(context)
    const kid = await control().rotateKeys()
    await browser.open(signOutUrl(context))
    await browser.submit()
    const token = context.app.deliveries.at(-1)?.token ?? ''
    expect((await verify(token)).protectedHeader).toMatchObject({ kid, typ: 'logout+jwt' })
  })

  it('Management API, after a rotation, takes tokens of either key, and of a dropped one none', async () => {
    const sandbox = await startBlankSandbox({ logtoPort: 0, oktaPort: 0 })
    try {
      const ask = async (token: string) =>
        (await sender(`${sandbox.logto.endpoint}/api`, `Bearer ${token}`)('GET', '/applications')).status
      const newToken = async () => (await requestToken(sandbox.logto)).body.access_token
      const before = await newToken()
      const kid = await sandbox.control.rotateKeys()
      const after = await newToken()
      expect(decodeProtectedHeader(after).kid).toBe(kid)
      expect([await ask(before), await ask(after)]).toEqual([200, 200])
      await sandbox.control.rotateKeys({ dropOld: true })
      expect([await ask(before), await ask(await newToken())]).toEqual([401, 200])
    } finally {
      await sandbox.close()
    }
  })
})

describe('a moved clock', () => {
  it.each([3000, -3000])(
    'ID token, with the clock moved by %i s, is all of it by that clock',
    async (seconds) => {
      control().moveClock(seconds)
      const now = Math.floor(Date.now() / 1000)
      const { endpoint, appId, appSecret } = context.sandbox.logto
      const { callback } = await signInByHand()
      const response = await fetch(`${endpoint}/oidc/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(`${appId}:${appSecret}`)}` },
        body: callback,
      })
      const { id_token: token, access_token: accessToken } = (await response.json()) as Record<string, string>
      const { iat = 0, exp = 0, auth_time: authTime } = decodeJwt(token ?? '')
      for (const time of [iat, exp - 3600, Number(authTime)])
        expect(Math.abs(time - now - seconds)).toBeLessThan(30)
      const { payload, protectedHeader } = await verify(token, new Date((iat + 1) * 1000))
      expect(protectedHeader.alg).toBe('ES384')
      expect(payload.sub).toEqual(expect.any(String))
      expect(accessToken).toEqual(expect.any(String))
    },
  )

  it('Date, of every answer, is by that clock; fixed, by ours', async () => {
    const ahead = async () => {
      const { headers } = await fetch(`${context.sandbox.logto.endpoint}/api/status`)
      return Math.round((Date.parse(headers.get('date') ?? '') - Date.now()) / 1000)
    }
    control().moveClock(-90)
    expect(Math.abs((await ahead()) + 90)).toBeLessThan(5)
    control().clearFaults()
    expect(Math.abs(await ahead())).toBeLessThan(5)
  })

  it('logout tokens, of a sign-out and by hand, are by that clock', async () => {
    const { browser, tokens } = await signUp(context)
    control().moveClock(45)
    const now = Math.floor(Date.now() / 1000)
    await browser.open(signOutUrl(context))
    await browser.submit()
    const byHand = await control().logoutToken({ sid: String(tokens.claims()?.sid) })
    for (const token of [context.app.deliveries.at(-1)?.token ?? '', byHand]) {
      const { payload } = await verify(token)
      expect(Math.abs(Number(payload.iat) - now - 45)).toBeLessThan(30)
      expect(Number(payload.exp) - Number(payload.iat)).toBe(120)
    }
  })

  it('this process, meanwhile, keeps its own time', async () => {
    const before = Date.now()
    control().moveClock(100_000)
    expect(Date.now() - before).toBeLessThan(10_000)
  })

  it.each([1.5, Number.NaN])('clock, moved by %s, is refused', (seconds) => {
    expect(() => control().moveClock(seconds)).toThrow(RangeError)
  })
})

/** A sign-in as far as the code: openid-client would refuse a token of another time. */
async function signInByHand() {
  const verifier = oidc.randomPKCECodeVerifier()
  const browser = new UserAgent()
  await browser.open(
    await context.app.signInUrl({
      first_screen: 'register',
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      max_age: '10000', // so that `auth_time` is in the ID token
    }),
  )
  const { url } = await browser.submit({
    username: `clock_${Math.random().toString(36).slice(2)}`,
    password: 'a local password',
  })
  const callback = new URLSearchParams({
    grant_type: 'authorization_code',
    code: new URL(url).searchParams.get('code') ?? '',
    redirect_uri: `${context.app.url}/callback`,
    code_verifier: verifier,
  })
  return { callback }
}
