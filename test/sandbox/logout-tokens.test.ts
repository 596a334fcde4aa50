import {
  createRemoteJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  errors,
  exportSPKI,
  importJWK,
  type JWK,
  jwtVerify,
} from 'jose'
import { describe, expect, it } from 'vitest'
import { type Application, FORGERIES, type Forgery, startBlankSandbox } from '../../src/sandbox/index.ts'
import { freePorts } from '../support/free-ports.ts'
import { applicationOf, having as havingSet, sandboxForTests, signUp } from './support.ts'

const context = sandboxForTests()
const control = () => context.sandbox.control
const issuer = () => `${context.sandbox.logto.endpoint}/oidc`
const EVENT = 'http://schemas.openid.net/event/backchannel-logout'

async function publishedKeys() {
  return ((await (await fetch(`${issuer()}/jwks`)).json()) as { keys: JWK[] }).keys
}

const verify = (token: string) =>
  jwtVerify(token, createRemoteJWKSet(new URL(`${issuer()}/jwks`)), { algorithms: ['ES384'] })

/** Has the application set otherwise while something is done. */
const having = <T>(change: Partial<Application['oidcClientMetadata']>, act: () => Promise<T>) =>
  havingSet(applicationOf(context).oidcClientMetadata, change, act)

describe('logout tokens', () => {
  it.each([
    [{ sub: 'a' }, false, { sub: 'a' }],
    [{ sub: 'a', sid: 'b' }, false, { sub: 'a' }],
    [{ sub: 'a', sid: 'b' }, true, { sub: 'a', sid: 'b' }],
    [{ sid: 'b' }, true, { sid: 'b' }],
  ])(
    'token, for %j, session required: %s, is as Logto’s own',
    async (target, backchannelLogoutSessionRequired, expected) => {
      const token = await having({ backchannelLogoutSessionRequired }, () => control().logoutToken(target))
      const { payload, protectedHeader } = await verify(token)
      expect(protectedHeader).toEqual({
        alg: 'ES384',
        typ: 'logout+jwt',
        kid: (await publishedKeys())[0]?.kid,
      })
      expect(payload).toEqual({
        ...expected,
        aud: context.sandbox.logto.appId,
        iss: issuer(),
        iat: expect.any(Number),
        exp: Number(payload.iat) + 120,
        jti: expect.any(String),
        events: { [EVENT]: {} },
      })
      expect(Math.abs(Number(payload.iat) * 1000 - Date.now())).toBeLessThan(30_000)
    },
  )

  it('token, for a session that there is, names its person, and alone where the session is not required', async () => {
    const { tokens } = await signUp(context)
    const { sub, sid } = { ...tokens.claims() }
    const target = { sid: String(sid) }
    expect(decodeJwt(await control().logoutToken(target))).toMatchObject({ sub, sid })
    const alone = await having({ backchannelLogoutSessionRequired: false }, () =>
      control().logoutToken(target),
    )
    expect(decodeJwt(alone)).toMatchObject({ sub })
    expect(decodeJwt(alone)).not.toHaveProperty('sid')
  })

  it.each([
    [{ sub: 'a' }, true, 'requires the session'],
    [{ sid: 'b' }, false, 'does not require the session'],
  ])('token, for %j, session required: %s, is none of Logto’s', async (target, required, words) => {
    const before = context.app.deliveries.length
    const sent = having({ backchannelLogoutSessionRequired: required }, () =>
      control().backchannelLogout(target),
    )
    await expect(sent).rejects.toThrow(words)
    expect(context.app.deliveries).toHaveLength(before)
  })

  it('tokens, two for the same, have an ID each', async () => {
    const [one, two] = [await control().logoutToken({ sid: 'b' }), await control().logoutToken({ sid: 'b' })]
    expect(decodeJwt(one).jti).not.toBe(decodeJwt(two).jti)
  })

  it('token, sent, arrives as a form at the app’s own address, and its answer is told', async () => {
    const answer = await havingSet(context.app, { logoutStatus: 400 }, () =>
      control().backchannelLogout({ sid: 'b' }),
    )
    const url = `${context.app.url}/backchannel-logout`
    expect(answer).toEqual({ at: expect.any(Number), url, status: 400, body: '' })
    expect(control().logoutDeliveries.at(-1)).toEqual(answer)
    const delivery = context.app.deliveries.at(-1)
    expect(delivery?.contentType).toBe('application/x-www-form-urlencoded')
    expect((await verify(delivery?.token ?? '')).payload).toMatchObject({ sid: 'b' })
  })

  it('token, replayed, is sent twice as it is', async () => {
    const before = context.app.deliveries.length
    expect((await control().backchannelLogout({ sid: 'b' }, { replay: true })).status).toBe(200)
    const [first, second, ...more] = context.app.deliveries.slice(before)
    expect(first?.token).toBe(second?.token)
    expect(more).toEqual([])
  })

  it('token, sent again later, is the same', async () => {
    const token = await control().logoutToken({ sid: 'b' })
    await control().sendLogoutToken(token)
    await control().sendLogoutToken(token)
    expect(context.app.deliveries.slice(-2).map((delivery) => delivery.token)).toEqual([token, token])
  })

  it('app, away, is told as no answer', async () => {
    const backchannelLogoutUri = `http://localhost:${(await freePorts(1))[0]}/`
    const answer = await having({ backchannelLogoutUri }, () => control().backchannelLogout({ sid: 'b' }))
    expect(answer).toMatchObject({ status: undefined, problem: 'ECONNREFUSED' })
  })

  it('application, without an address for it, is an error that says so', async () => {
    const machine = context.sandbox.tenant.applications.find(({ type }) => type === 'MachineToMachine')
    const options = { appId: machine?.id ?? '' }
    await expect(control().backchannelLogout({ sid: 'b' }, options)).rejects.toThrow('run provision')
    const blank = await startBlankSandbox({ logtoPort: 0, oktaPort: 0 })
    await expect(blank.control.logoutToken({ sid: 'b' })).rejects.toThrow('run provision')
    await blank.close()
  })
})

const forged = (forgery: Forgery) => control().logoutToken({ sub: 'a', sid: 'b' }, { forged: forgery })
const now = () => Math.floor(Date.now() / 1000)
const about = (seconds: number, wanted: number) => expect(Math.abs(seconds - wanted)).toBeLessThan(30)

/** What a forged token's claims are but for what is forged: then its signature is genuine. */
async function genuineClaims(token: string) {
  await verifySignature(token)
  const { jti, iat, exp, ...claims } = decodeJwt(token)
  return { claims, jti, iat: Number(iat), exp: Number(exp) }
}

/** The signature alone, whatever the times say. */
const verifySignature = (token: string) =>
  jwtVerify(token, createRemoteJWKSet(new URL(`${issuer()}/jwks`)), {
    currentDate: new Date((Number(decodeJwt(token).iat ?? now()) + 1) * 1000),
  })

const RIGHT = () => ({
  sub: 'a',
  sid: 'b',
  aud: context.sandbox.logto.appId,
  iss: issuer(),
  events: { [EVENT]: {} },
})

/** A forgery that is genuine but for these claims; what is undefined is not there at all. */
async function differsBy(forgery: Forgery, changes: Record<string, unknown>) {
  const { claims } = await genuineClaims(await forged(forgery))
  const wanted = Object.entries({ ...RIGHT(), ...changes }).filter(([, value]) => value !== undefined)
  expect(claims).toStrictEqual(Object.fromEntries(wanted))
}

/** A forgery that is genuine but for this one claim, which is not there. */
async function lacks(claim: 'iat' | 'exp' | 'jti') {
  expect(decodeJwt(await forged(`no-${claim}`))).not.toHaveProperty(claim)
  await differsBy(`no-${claim}`, {})
}

/** What each forgery has to be, and nothing else. */
const PROOFS: Record<Forgery, () => Promise<void>> = {
  async signature() {
    const token = await forged('signature')
    expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'ES384', kid: (await publishedKeys())[0]?.kid })
    await expect(verify(token)).rejects.toThrow(errors.JWSSignatureVerificationFailed)
    expect(decodeJwt(token)).toMatchObject(RIGHT())
  },
  async 'unknown-key'() {
    await expect(verify(await forged('unknown-key'))).rejects.toThrow(errors.JWKSNoMatchingKey)
  },
  async 'alg-none'() {
    const token = await forged('alg-none')
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'none', typ: 'logout+jwt' })
    expect(token.endsWith('.')).toBe(true)
    expect(decodeJwt(token)).toMatchObject(RIGHT())
  },
  async hmac() {
    const token = await forged('hmac')
    const [jwk = {}] = await publishedKeys()
    const pem = await exportSPKI((await importJWK(jwk, 'ES384', { extractable: true })) as never)
    const { payload } = await jwtVerify(token, new TextEncoder().encode(pem), { algorithms: ['HS256'] })
    expect(payload).toMatchObject(RIGHT())
  },
  async type() {
    expect(decodeProtectedHeader(await forged('type')).typ).toBe('at+jwt')
    await differsBy('type', {})
  },
  issuer: () => differsBy('issuer', { iss: 'https://issuer.example/oidc' }),
  audience: () => differsBy('audience', { aud: 'another-application' }),
  nonce: () => differsBy('nonce', { nonce: expect.any(String) }),
  'no-events': () => differsBy('no-events', { events: undefined }),
  'other-event': () => differsBy('other-event', { events: { 'https://issuer.example/event/other': {} } }),
  'no-subject': () => differsBy('no-subject', { sub: undefined, sid: undefined }),
  async expired() {
    const token = await forged('expired')
    await expect(verify(token)).rejects.toThrow(errors.JWTExpired)
    const { iat, exp } = await genuineClaims(token)
    about(iat, now() - 600)
    about(exp, now() - 480)
  },
  async 'old-iat'() {
    const { iat, exp, claims } = await genuineClaims(await forged('old-iat'))
    expect(claims).toEqual(RIGHT())
    about(iat, now() - 3600)
    about(exp, now() + 120)
  },
  async 'future-iat'() {
    const { iat, exp } = await genuineClaims(await forged('future-iat'))
    about(iat, now() + 3600)
    about(exp, now() + 3720)
  },
  'no-iat': () => lacks('iat'),
  'no-exp': () => lacks('exp'),
  'no-jti': () => lacks('jti'),
}

describe('forged logout tokens', () => {
  it.each(Object.keys(FORGERIES) as Forgery[])(
    'forgery, “%s”, is what it says and nothing else',
    async (forgery) => {
      await PROOFS[forgery]()
    },
  )

  it('forgery, sent, is what arrives', async () => {
    await control().backchannelLogout({ sid: 'b' }, { forged: 'nonce' })
    expect(decodeJwt(context.app.deliveries.at(-1)?.token ?? '')).toHaveProperty('nonce')
  })
})
