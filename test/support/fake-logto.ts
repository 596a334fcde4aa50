import { randomUUID } from 'node:crypto'
import { exportJWK, generateKeyPair, type JWTHeaderParameters, SignJWT } from 'jose'

/** How the fake answers one kind of call instead of well. */
type Answer = (init: RequestInit | undefined) => Promise<Response>

interface Tokens {
  claims?: Record<string, unknown>
  header?: Partial<JWTHeaderParameters>
  /** The ID token as a whole, in place of a good one. */
  idToken?: string
  /** Signs with a key that the key set does not hold. */
  unknownKey?: boolean
}

export const endpoint = 'https://logto.test'
export const issuer = `${endpoint}/oidc`
export const appId = 'test-app'
export const appSecret = 'test-app-secret'

const { privateKey, publicKey } = await generateKeyPair('ES384')
const stranger = await generateKeyPair('ES384')

/**
 * Logto at the network's edge: the `fetch` that is handed to the app, with real keys and real signatures behind it.
 * The SDK, the session and everything else of the app are the real ones.
 */
export class FakeLogto {
  /** Every call, as method and path. */
  readonly calls: string[] = []
  /** Bodies sent to the token endpoint. */
  readonly tokenRequests: URLSearchParams[] = []
  readonly #codes = new Map<string, Tokens>()
  readonly #answers = new Map<string, Answer>()

  /** A code that the token endpoint will take once. */
  code(tokens: Tokens = {}): string {
    const code = randomUUID()
    this.#codes.set(code, tokens)
    return code
  }

  /** Makes calls to this path answer otherwise, until `mend`. */
  break(path: string, answer: Answer): void {
    this.#answers.set(path, answer)
  }

  mend(path: string): void {
    this.#answers.delete(path)
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input)
    this.calls.push(`${init?.method ?? 'GET'} ${url.pathname}`)
    const broken = this.#answers.get(url.pathname)
    if (broken) return broken(init)
    switch (url.pathname) {
      case paths.discovery:
        return Response.json(discovery)
      case paths.keys:
        return Response.json({
          keys: [{ ...(await exportJWK(publicKey)), kid: 'key-1', alg: 'ES384', use: 'sig' }],
        })
      case paths.token:
        return this.#token(new URLSearchParams(String(init?.body)), new Headers(init?.headers))
      case paths.revocation:
        return new Response('', { status: 200 })
      default:
        return Response.json({ code: 'entity.not_found', message: 'Not found.' }, { status: 404 })
    }
  }

  async #token(body: URLSearchParams, headers: Headers): Promise<Response> {
    this.tokenRequests.push(body)
    if (headers.get('authorization') !== `Basic ${btoa(`${appId}:${appSecret}`)}`) {
      return refuse(401, 'invalid_client')
    }
    const code = body.get('code') ?? ''
    const tokens = this.#codes.get(code)
    this.#codes.delete(code)
    if (!tokens) return refuse(400, 'invalid_grant')
    return Response.json({
      access_token: 'the-access-token',
      refresh_token: 'the-refresh-token',
      id_token: tokens.idToken ?? (await idToken(tokens)),
      token_type: 'Bearer',
      expires_in: 3600,
      scope: 'openid offline_access profile email',
    })
  }
}

export const paths = {
  discovery: '/oidc/.well-known/openid-configuration',
  keys: '/oidc/jwks',
  token: '/oidc/token',
  revocation: '/oidc/token/revocation',
}

/** No answer until the caller gives up. */
export const hang: Answer = (init) =>
  new Promise((_resolve, reject) => {
    init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))
  })

/** No connection. */
export const down: Answer = async () => {
  throw new TypeError('fetch failed')
}

function refuse(status: number, error: string): Response {
  return Response.json({ code: `oidc.${error}`, message: 'Refused.', error }, { status })
}

/** An ID token as Logto signs it, except for what is asked otherwise. */
export async function idToken({ claims, header, unknownKey }: Tokens = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  const payload = {
    iss: issuer,
    aud: appId,
    sub: 'user-1',
    name: 'Erin Employee',
    email: 'employee@acme.example',
    iat: now,
    exp: now + 3600,
    ...claims,
  }
  return new SignJWT(payload)
    .setProtectedHeader({ alg: 'ES384', kid: unknownKey ? 'key-2' : 'key-1', ...header })
    .sign(unknownKey ? stranger.privateKey : privateKey)
}

const discovery = {
  issuer,
  authorization_endpoint: `${issuer}/auth`,
  token_endpoint: `${endpoint}${paths.token}`,
  userinfo_endpoint: `${issuer}/me`,
  revocation_endpoint: `${endpoint}${paths.revocation}`,
  end_session_endpoint: `${issuer}/session/end`,
  jwks_uri: `${endpoint}${paths.keys}`,
  authorization_response_iss_parameter_supported: true,
  id_token_signing_alg_values_supported: ['ES384'],
}
