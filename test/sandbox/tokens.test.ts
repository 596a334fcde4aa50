import { createRemoteJWKSet, jwtVerify } from 'jose'
import * as oidc from 'openid-client'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { UserAgent } from '../support/user-agent.ts'
import {
  applicationOf,
  having,
  sandboxForTests,
  signInWithOkta,
  signOutUrl,
  signUp,
  userOf,
} from './support.ts'

const context = sandboxForTests()
const DAY = 24 * 60 * 60 * 1000

const refresh = (token = '') => oidc.refreshTokenGrant(context.app.configuration, token)

const refusal = (error: string, status = 400) => expect.objectContaining({ error, status })

/** Neither userinfo nor introspection takes the access token any more. */
async function expectDead(accessToken: string) {
  const { configuration } = context.app
  await expect(oidc.fetchUserInfo(configuration, accessToken, oidc.skipSubjectCheck)).rejects.toThrow()
  expect(await oidc.tokenIntrospection(configuration, accessToken)).toEqual({ active: false })
}

afterEach(() => {
  vi.useRealTimers()
})

/** Moves the one clock everything reads, without waiting. */
const passTime = (milliseconds: number) => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + milliseconds })
}

describe('refresh tokens', () => {
  it('refresh, early in the token’s life, gives a new access token and the same refresh token', async () => {
    const { tokens } = await signUp(context)
    const first = await refresh(tokens.refresh_token)
    const second = await refresh(first.refresh_token)
    expect(second.refresh_token).toBe(tokens.refresh_token)
    expect(second.access_token).not.toBe(tokens.access_token)
    expect(second.claims()?.sub).toBe(tokens.claims()?.sub)
  })

  it('refresh, late in the token’s life, rotates it, and the old one used again ends them all', async () => {
    const { tokens } = await signUp(context)
    passTime(10 * DAY)
    const rotated = await refresh(tokens.refresh_token)
    expect(rotated.refresh_token).not.toBe(tokens.refresh_token)
    await expect(refresh(tokens.refresh_token)).rejects.toEqual(refusal('invalid_grant'))
    await expect(refresh(rotated.refresh_token)).rejects.toEqual(refusal('invalid_grant'))
  })

  it('refresh, after the token’s fourteen days, is refused', async () => {
    const { tokens } = await signUp(context)
    passTime(15 * DAY)
    await expect(refresh(tokens.refresh_token)).rejects.toEqual(refusal('invalid_grant'))
  })

  it.each(['refresh_token', 'access_token'] as const)(
    'revocation, of the %s, ends every token of the sign-in',
    async (name) => {
      const { tokens } = await signUp(context)
      const newer = await refresh(tokens.refresh_token)
      await oidc.tokenRevocation(context.app.configuration, tokens[name] ?? '')
      await expect(refresh(tokens.refresh_token)).rejects.toEqual(refusal('invalid_grant'))
      await expectDead(newer.access_token)
    },
  )

  it.each([
    ['deleted', (id: string) => remove(context.sandbox.tenant.users, id)],
    ['suspended', (id: string) => Object.assign(userOf(context, id), { isSuspended: true })],
  ])(
    'refresh, of a user %s, is invalid_grant at once, and the browser has to sign in again',
    async (_what, end) => {
      const { tokens, browser } = await signUp(context)
      const sub = tokens.claims()?.sub ?? ''
      end(sub)
      await expect(refresh(tokens.refresh_token)).rejects.toEqual(refusal('invalid_grant'))
      await expect(oidc.fetchUserInfo(context.app.configuration, tokens.access_token, sub)).rejects.toThrow()
      expect((await browser.open(await context.app.signInUrl())).text).toContain('Sign in to your account')
    },
  )

  it('refresh, of an application removed, is invalid_client at once', async () => {
    const { tokens } = await signUp(context)
    await having(context.sandbox.tenant, { applications: [] }, () =>
      expect(refresh(tokens.refresh_token)).rejects.toMatchObject({ error: 'invalid_client' }),
    )
  })

  it('sign-in without offline_access, exchanged, gives no refresh token', async () => {
    const { tokens } = await signUp(context, new UserAgent(), { scope: 'openid profile' })
    expect(tokens.refresh_token).toBeUndefined()
    expect(tokens.claims()).not.toHaveProperty('email')
  })

  const remove = (users: { id: string }[], id: string) =>
    users.splice(
      users.findIndex((user) => user.id === id),
      1,
    )
})

describe('authorization codes', () => {
  it('code, used twice, is refused and takes its tokens with it', async () => {
    const { callback, tokens } = await signUp(context)
    await expect(context.app.exchange(callback)).rejects.toEqual(refusal('invalid_grant'))
    await expect(refresh(tokens.refresh_token)).rejects.toEqual(refusal('invalid_grant'))
    await expectDead(tokens.access_token)
  })

  it('code, with another verifier, is refused', async () => {
    const { browser } = await signUp(context)
    const page = await browser.open(await context.app.signInUrl())
    await expect(
      oidc.authorizationCodeGrant(context.app.configuration, new URL(page.url), {
        pkceCodeVerifier: oidc.randomPKCECodeVerifier(),
        expectedState: new URL(page.url).searchParams.get('state') ?? '',
      }),
    ).rejects.toEqual(refusal('invalid_grant'))
  })

  it('code, a minute old and more, is refused', async () => {
    const { browser } = await signUp(context)
    const page = await browser.open(await context.app.signInUrl())
    passTime(61_000)
    await expect(context.app.exchange(page.url)).rejects.toEqual(refusal('invalid_grant'))
  })
})

describe('signing out', () => {
  it('sign-out page, of a signed-in browser, sends itself on under its own policy', async () => {
    const { browser } = await signInWithOkta(context)
    const page = await browser.open(signOutUrl(context))
    expect(page.status).toBe(200)
    const nonce = /<script nonce="([\w-]+)">document\.forms\[0\]\.submit\(\)<\/script>/.exec(page.body)?.[1]
    expect(page.headers.get('content-security-policy')).toContain(`script-src 'nonce-${nonce}'`)
    expect(page.text).toContain('Sign out')
    const done = await browser.submit()
    expect(done.hops).toEqual([
      `${context.sandbox.logto.endpoint}/oidc/session/end/confirm`,
      `${context.app.url}/`,
    ])
    expect((await browser.open(await context.app.signInUrl())).text).toContain('Sign in to your account')
  })

  it('sign-out, of a browser nobody is signed in with, returns to the app all the same', async () => {
    const browser = new UserAgent()
    const page = await browser.open(signOutUrl(context))
    expect(page.headers.get('content-security-policy')).toMatch(/script-src 'self' 'sha256-/)
    expect((await browser.submit()).url).toBe(`${context.app.url}/`)
  })

  it('session cookie, of a browser nobody is signed in with, changes at sign-in', async () => {
    const { username, password } = await signUp(context)
    const browser = new UserAgent()
    await browser.open(signOutUrl(context))
    const cookie = async () =>
      /(?:^|; )_session_\d+=([^;]+)/.exec(await browser.cookieHeader(context.sandbox.logto.endpoint))?.[1]
    const before = await cookie()
    await browser.open(await context.app.signInUrl())
    await browser.submit({ username, password })
    expect(before).toEqual(expect.any(String))
    expect(await cookie()).toEqual(expect.any(String))
    expect(await cookie()).not.toBe(before)
  })

  it('back-channel logout, at sign-out, is delivered as Logto delivers it', async () => {
    const { browser, tokens } = await signInWithOkta(context)
    const before = context.app.deliveries.length
    await browser.open(signOutUrl(context))
    await browser.submit()
    const [delivery, ...more] = context.app.deliveries.slice(before)
    expect(more).toEqual([])
    expect(delivery?.contentType).toContain('application/x-www-form-urlencoded')
    const issuer = `${context.sandbox.logto.endpoint}/oidc`
    const { payload, protectedHeader } = await jwtVerify(
      delivery?.token ?? '',
      createRemoteJWKSet(new URL(`${issuer}/jwks`)),
      { issuer, audience: context.sandbox.logto.appId },
    )
    expect(protectedHeader).toMatchObject({ alg: 'ES384', typ: 'logout+jwt', kid: expect.any(String) })
    expect(payload).toMatchObject({
      sub: tokens.claims()?.sub,
      sid: tokens.claims()?.sid,
      jti: expect.any(String),
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    })
    expect(Number(payload.exp) - Number(payload.iat)).toBe(120)
    expect(payload).not.toHaveProperty('nonce')
  })

  it.each([
    ['answers 500', undefined],
    ['is not there', 'http://localhost:9/backchannel-logout'],
  ])('back-channel logout, where the app %s, does not disturb the sign-out', async (_what, address) => {
    const { browser } = await signUp(context)
    const metadata = applicationOf(context).oidcClientMetadata
    const { backchannelLogoutUri = '' } = metadata
    const signOut = () => {
      const where = { backchannelLogoutUri: address ?? backchannelLogoutUri }
      return having(metadata, where, () => browser.open(signOutUrl(context)).then(() => browser.submit()))
    }
    expect((await having(context.app, { logoutStatus: 500 }, signOut)).url).toBe(`${context.app.url}/`)
  })

  it('sign-out, without an address to return to, ends on a page of Logto', async () => {
    const { browser } = await signUp(context)
    await browser.open(`${context.sandbox.logto.endpoint}/oidc/session/end`)
    expect((await browser.submit()).text).toContain('Signed out')
  })
})
