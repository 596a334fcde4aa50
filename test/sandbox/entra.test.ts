import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { SsoConnector } from '../../src/sandbox/index.ts'
import { UserAgent } from '../support/user-agent.ts'
import { sandboxForTests } from './support.ts'

const context = sandboxForTests()
const [OURS, THEIRS] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222']
const [CLIENT, ID] = ['the-client', 'entraconnect']

/** What answers in Entra's place: a document, keys, and whatever ID token and userinfo a test wants. */
let document: Record<string, unknown> = {}
let idToken = ''
let userInfo: Record<string, unknown> = {}
let keys: Awaited<ReturnType<typeof generateKeyPair>>
const server = createServer(async (req, res) => {
  const path = req.url?.split('?')[0] ?? ''
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'k', alg: 'RS256' }
  const answers: Record<string, unknown> = {
    '/keys': { keys: [jwk] },
    '/token': { id_token: idToken, access_token: 'at', token_type: 'Bearer' },
    '/userinfo': userInfo,
  }
  res.end(JSON.stringify(answers[path] ?? document))
})
const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
const issuerOf = (tid: string) => `${url()}/${tid}/v2.0`

beforeAll(async () => {
  keys = await generateKeyPair('RS256')
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(() => new Promise((resolve) => server.close(resolve)))
beforeEach(() => {
  context.sandbox.tenant.users.length = 0
  userInfo = { sub: 'pairwise', name: 'Elena Vance', email: 'elena@vandelay.example' }
  document = {
    issuer: `${url()}/{tenantid}/v2.0`,
    authorization_endpoint: `${url()}/authorize`,
    token_endpoint: `${url()}/token`,
    userinfo_endpoint: `${url()}/userinfo`,
    jwks_uri: `${url()}/keys`,
  }
})

const connect = (change: Partial<SsoConnector> = {}) => {
  const { ssoConnectors } = context.sandbox.tenant
  ssoConnectors.splice(1)
  ssoConnectors.push({
    ...{ tenantId: 'default', id: ID, providerName: 'AzureAdOidc', connectorName: 'Vandelay' },
    config: { issuer: `${url()}/organizations/v2.0`, clientId: CLIENT, clientSecret: 'secret' },
    ...{ domains: [], branding: {}, syncProfile: false, enableTokenStorage: false, createdAt: 0 },
    ...change,
  })
}

/** @returns where the browser is sent to, and the browser */
async function begin() {
  const agent = new UserAgent()
  let page = await agent.request(await context.app.signInUrl({ direct_sign_in: `sso:${ID}` }))
  page = await agent.request(new URL(page.headers.get('location') ?? '', context.sandbox.logto.endpoint).href)
  return { agent, sent: new URL(page.headers.get('location') ?? '') }
}

type Claims = Record<string, unknown>
const genuine = (nonce: string): Claims => ({
  ...{ iss: issuerOf(OURS), tid: OURS, aud: CLIENT, sub: 'pairwise', nonce },
  ...{ name: 'Of the ID token', preferred_username: 'elena@vandelay.example', oid: 'oid' },
})
const sign = (claims: Claims, privateKey = keys.privateKey) =>
  new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'RS256', kid: 'k' })
    .setIssuedAt()
    .setExpirationTime((claims.exp as number | undefined) ?? '5m')
    .sign(privateKey)

/** Goes the way there and back with an ID token of these claims. */
async function signIn(change: Claims = {}, signer: (claims: Claims) => Promise<string> = sign) {
  const { agent, sent } = await begin()
  idToken = await signer({ ...genuine(sent.searchParams.get('nonce') ?? ''), ...change })
  const answer = new URLSearchParams({ code: 'code', state: sent.searchParams.get('state') ?? '' })
  const page = await agent.open(`${context.sandbox.logto.endpoint}/callback/${ID}?${answer}`)
  const [user] = context.sandbox.tenant.users
  return { isIn: page.url.startsWith(context.app.url), user }
}
const entry = { isIn: true }
const REFUSED = { isIn: false, user: undefined }

describe('a connector for Entra', () => {
  it('person, of the tenant that the token names, is in; userinfo wins, and the issuer is the connector’s', async () => {
    connect()
    const { isIn, user } = await signIn()
    expect({ isIn }).toEqual(entry)
    expect(user).toMatchObject({ name: 'Elena Vance', primaryEmail: null })
    expect(user?.ssoIdentities).toMatchObject([
      {
        ...{ issuer: `${url()}/organizations/v2.0`, identityId: 'pairwise' },
        detail: { name: 'Elena Vance', tid: OURS, oid: 'oid', unverifiedEmail: 'elena@vandelay.example' },
      },
    ])
  })

  it('person, of any other tenant, is in by an issuer of several, as at Logto, and not by one of one', async () => {
    connect()
    const another = { iss: issuerOf(THEIRS), tid: THEIRS }
    expect((await signIn(another)).isIn).toBe(true)
    context.sandbox.tenant.users.length = 0
    document.issuer = issuerOf(OURS)
    expect(await signIn(another)).toEqual(REFUSED)
    expect((await signIn()).isIn).toBe(true)
  })

  it.each<[string, () => Claims]>([
    ['of one tenant, that names another', () => ({ tid: THEIRS })],
    ['that names no tenant', () => ({ tid: undefined })],
    ['whose tenant is no text', () => ({ tid: 1 })],
    ['whose issuer is the document’s own', () => ({ iss: `${url()}/{tenantid}/v2.0`, tid: undefined })],
    ['for another application', () => ({ aud: 'another' })],
    ['of another sign-in', () => ({ nonce: 'another' })],
    ['without a nonce', () => ({ nonce: undefined })],
    ['of nobody', () => ({ sub: undefined })],
    ['that has expired', () => ({ exp: 1 })],
  ])('ID token, %s, signs nobody in', async (_what, change) => {
    connect()
    expect(await signIn(change())).toEqual(REFUSED)
  })

  it('ID token, signed by a stranger or by nobody, signs nobody in', async () => {
    connect()
    const stranger = await generateKeyPair('RS256')
    expect(await signIn({}, (claims) => sign(claims, stranger.privateKey))).toEqual(REFUSED)
    const unsigned = async (claims: Claims) =>
      new UnsecuredJWT(claims).setIssuedAt().setExpirationTime('5m').encode()
    expect(await signIn({}, unsigned)).toEqual(REFUSED)
  })

  it('userinfo, of somebody else, signs nobody in', async () => {
    connect()
    userInfo.sub = 'another'
    expect(await signIn()).toEqual(REFUSED)
  })

  it.each([
    ['AzureAdOidc', undefined, false, null],
    ['AzureAdOidc', undefined, true, 'elena@vandelay.example'],
    ['AzureAdOidc', false, true, 'elena@vandelay.example'],
    ['AzureAdOidc', true, false, 'elena@vandelay.example'],
    ['OIDC', undefined, false, null],
    ['OIDC', undefined, true, 'elena@vandelay.example'],
    ['OIDC', false, true, null],
    ['OIDC', true, false, 'elena@vandelay.example'],
  ] as const)(
    '%s: email, verified %s and trusted %s, is %s',
    async (providerName, verified, trusted, email) => {
      connect({
        providerName,
        config: {
          ...{ issuer: `${url()}/organizations/v2.0`, clientId: CLIENT, clientSecret: 'secret' },
          trustUnverifiedEmail: trusted,
        },
      })
      document.issuer = issuerOf(OURS)
      userInfo.email_verified = verified
      const { user } = await signIn()
      expect(user?.primaryEmail).toBe(email)
    },
  )
})

describe('connectors for others', () => {
  it('OIDC: no gap of an issuer is filled in', async () => {
    connect({ providerName: 'OIDC' })
    expect(await signIn()).toEqual(REFUSED)
  })

  it('Google: people are asked which account, and its issuer is Google’s', async () => {
    const { tenant } = context.sandbox
    tenant.googleIssuer = url()
    connect({ providerName: 'GoogleWorkspace', config: { clientId: CLIENT, clientSecret: 'secret' } })
    document.issuer = url()
    const { sent } = await begin()
    expect(sent.searchParams.get('prompt')).toBe('select_account')
    const { user } = await signIn({ iss: url() })
    tenant.googleIssuer = 'https://accounts.google.com'
    expect(user?.ssoIdentities).toMatchObject([{ issuer: url() }])
    connect()
    expect((await begin()).sent.searchParams.has('prompt')).toBe(false)
  })
})
