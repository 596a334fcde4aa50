import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto'
import { exportJWK, SignJWT } from 'jose'
import type { FakeLogto } from '../../src/testing/fake-logto.ts'

const newKey = (kid: string) => ({
  kid,
  alg: 'RS256',
  ...generateKeyPairSync('rsa', { modulusLength: 2048 }),
})

/** Making a key takes long, and no test minds that an issuer of this name had it before. */
const keys = new Map<string, ReturnType<typeof newKey>>()

/** One company's Okta at the network's edge: its document, its keys, and its words. */
export class FakeOkta {
  readonly issuer: string
  key: ReturnType<typeof newKey>
  /** The discovery document; a test may change it. */
  readonly metadata: Record<string, unknown>
  /** Every path that was asked for. */
  readonly calls: string[] = []
  isAway = false

  constructor(issuer: string) {
    this.issuer = issuer
    this.key = keys.get(issuer) ?? newKey(issuer)
    keys.set(issuer, this.key)
    this.metadata = {
      issuer,
      jwks_uri: `${issuer}/oauth2/v1/keys`,
      id_token_signing_alg_values_supported: ['RS256'],
    }
  }

  /** Has whoever talks to that Logto find this Okta too. */
  joins(logto: FakeLogto): this {
    const { fetch: others } = logto
    Object.assign(logto, {
      fetch: (input: Parameters<typeof fetch>[0], init?: RequestInit) => {
        const url = String(input)
        const isOurs = url.startsWith(`${this.issuer}/`) || url === this.metadata.jwks_uri
        return isOurs ? this.#answer(url) : others(input, init)
      },
    })
    return this
  }

  async #answer(url: string): Promise<Response> {
    this.calls.push(url.slice(this.issuer.length))
    if (this.isAway) throw new TypeError('fetch failed')
    if (url.endsWith('/.well-known/openid-configuration')) return Response.json(this.metadata)
    if (url !== this.metadata.jwks_uri) return new Response('', { status: 404 })
    const { kid, alg, publicKey } = this.key
    return Response.json({ keys: [{ ...(await exportJWK(publicKey)), kid, alg, use: 'sig' }] })
  }

  /** A token as Okta signs it for Universal Logout, except for what is asked otherwise. */
  revocationToken({
    claims,
    header,
    key = this.key.privateKey,
  }: {
    claims?: Record<string, unknown>
    header?: Record<string, unknown>
    key?: KeyObject
  } = {}): Promise<string> {
    const now = Math.floor(Date.now() / 1000)
    const payload = {
      jti: randomUUID(),
      iss: this.issuer,
      sub: 'client-of-acme',
      aud: 'http://app.test/global-token-revocation',
      iat: now,
      nbf: now - 300,
      exp: now + 300,
      ...claims,
    }
    const { alg, kid } = this.key
    return new SignJWT(payload)
      .setProtectedHeader({ alg, kid, typ: 'global-token-revocation+jwt', ...header })
      .sign(key)
  }
}
