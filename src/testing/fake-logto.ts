import { randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import { apiResource, appId, endpoint, issuer, paths } from './fake-addresses.ts'
import { keys, publicJwk } from './fake-keys.ts'
import { type Answer, refuse, type Tokens, tokenAnswer } from './logto-answers.ts'

export { apiResource, appId, appSecret, endpoint, issuer, paths } from './fake-addresses.ts'

/** What only ID tokens say. */
const withoutProfile = { name: undefined, email: undefined, sso_identities: undefined }

/**
 * Logto at the network's edge: the `fetch` that is handed to the app, with real keys and real signatures behind it.
 * The SDK, the session and everything else of the app are the real ones.
 */
export class FakeLogto {
  /** The discovery document; a test may change it. */
  readonly metadata: Record<string, unknown> = {
    issuer,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: endpoint + paths.token,
    userinfo_endpoint: `${issuer}/me`,
    revocation_endpoint: endpoint + paths.revocation,
    end_session_endpoint: `${issuer}/session/end`,
    jwks_uri: endpoint + paths.keys,
    authorization_response_iss_parameter_supported: true,
    id_token_signing_alg_values_supported: ['ES384'],
  }
  /** The key that signs now. */
  key: Exclude<keyof typeof keys, 'stranger'> = 'first'
  /** What is in the key set before the keys that sign. */
  otherKeys: unknown[] = []
  /** Every call, as method and path. */
  readonly calls: string[] = []
  /** What was sent to the token endpoint. */
  readonly tokenRequests: Array<{ body: URLSearchParams; authorization: string | null }> = []
  /** What every ID token says, beside what a code is given for. */
  claims: Record<string, unknown> = {}
  /** Seconds that access tokens live. */
  expiresIn = 3600
  /** Whether each renewal gives a new refresh token, and the old one is worth nothing from then on. */
  rotates = false
  /** What renewed ID tokens are like; undefined: they are refused, as for somebody who was suspended. */
  renewed: Tokens | undefined = {}
  /** What userinfo says, beside who it is about. */
  info: Record<string, unknown> = {}
  /** What access tokens permit, with a space between two (`scope`, RFC 9068 §2.2.3). */
  scope = ''
  /** What organization tokens say, by the organization's ID; for any other the person is no member. */
  organizations: Record<string, Record<string, unknown>> = {}
  /** The tokens that were revoked. */
  readonly revoked: string[] = []
  /** The one refresh token that counts. */
  refreshToken = 'the-refresh-token'
  readonly #codes = new Map<string, Tokens>()
  readonly #answers = new Map<string, Answer>()

  /** A code that the token endpoint will take once. */
  code(tokens: Tokens = {}): string {
    const code = randomUUID()
    this.#codes.set(code, tokens)
    return code
  }

  /** Makes calls to this path answer otherwise, until `fix`. */
  break(path: string, answer: Answer): void {
    this.#answers.set(path, answer)
  }

  restore(path: string): void {
    this.#answers.delete(path)
  }

  /** How often a path was called. */
  callsTo(path: string): number {
    return this.calls.filter((call) => call.endsWith(` ${path}`)).length
  }

  /** An ID token as Logto signs it, except for what is asked otherwise. */
  async idToken({ claims, header, key = 'present' }: Tokens = {}): Promise<string> {
    const now = Math.floor(Date.now() / 1000)
    const { alg, kid, privateKey } = keys[key === 'present' ? this.key : key]
    const payload = {
      iss: String(this.metadata.issuer),
      aud: appId,
      sub: 'user-1',
      name: 'Erin Employee',
      email: 'employee@acme.example',
      sso_identities: [],
      iat: now,
      exp: now + 3600,
      ...this.claims,
      ...claims,
    }
    return new SignJWT(payload).setProtectedHeader({ alg, kid, ...header }).sign(privateKey)
  }

  /** A logout token as Logto signs it, for the person of `idToken`, except for what is asked otherwise. */
  logoutToken({ claims, header, key }: Omit<Tokens, 'idToken'> = {}): Promise<string> {
    return this.idToken({
      header: { typ: 'logout+jwt', ...header },
      claims: {
        ...withoutProfile,
        jti: randomUUID(),
        exp: Math.floor(Date.now() / 1000) + 120,
        events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
        ...claims,
      },
      ...(key && { key }),
    })
  }

  /** An access token for `apiResource` as Logto signs it, except for what is asked otherwise. */
  accessToken({ claims, header, key }: Omit<Tokens, 'idToken'> = {}): Promise<string> {
    return this.idToken({
      header: { typ: 'at+jwt', ...header },
      claims: {
        ...withoutProfile,
        jti: randomUUID(),
        aud: apiResource,
        client_id: 'another-app',
        scope: this.scope || undefined,
        ...claims,
      },
      ...(key && { key }),
    })
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input)
    // What it tells everybody is read beside the work, at moments of the app's own.
    if (url.pathname !== paths.experience) this.calls.push(`${init?.method ?? 'GET'} ${url.pathname}`)
    const broken = this.#answers.get(url.pathname)
    if (broken) return broken(init)
    switch (url.pathname) {
      case paths.discovery:
        return Response.json(this.metadata)
      case new URL(String(this.metadata.jwks_uri)).pathname:
        return Response.json({
          keys: [...this.otherKeys, await publicJwk(this.key), await publicJwk('rsa')],
        })
      case paths.token:
        return this.#token(new URLSearchParams(String(init?.body)), new Headers(init?.headers))
      case paths.userinfo:
        if (new Headers(init?.headers).get('authorization') !== 'Bearer the-access-token') {
          return refuse(401, 'invalid_token')
        }
        return Response.json({ sub: 'user-1', ...this.info })
      case paths.revocation:
        this.revoked.push(new URLSearchParams(String(init?.body)).get('token') ?? '')
        return new Response('', { status: 200 })
      default:
        return Response.json({ code: 'entity.not_found', message: 'Not found.' }, { status: 404 })
    }
  }

  async #token(body: URLSearchParams, headers: Headers): Promise<Response> {
    this.tokenRequests.push({ body, authorization: headers.get('authorization') })
    if (body.get('grant_type') === 'refresh_token') {
      return this.#renew(body.get('refresh_token'), body.get('organization_id'))
    }
    const code = body.get('code') ?? ''
    const tokens = this.#codes.get(code)
    this.#codes.delete(code)
    if (!tokens) return refuse(400, 'invalid_grant')
    return this.#answer(tokens)
  }

  async #renew(refreshToken: string | null, organization: string | null): Promise<Response> {
    if (!this.renewed || refreshToken !== this.refreshToken) return refuse(400, 'invalid_grant')
    const claims = organization === null ? undefined : this.organizations[organization]
    if (organization !== null && !claims) return refuse(403, 'access_denied')
    if (this.rotates) this.refreshToken = randomUUID()
    if (!claims) return this.#answer(this.renewed)
    const aud = `urn:logto:organization:${organization}`
    return this.#answer(this.renewed, await this.accessToken({ claims: { aud, ...claims } }))
  }

  async #answer(tokens: Tokens, accessToken?: string): Promise<Response> {
    const idToken = tokens.idToken ?? (await this.idToken(tokens))
    return tokenAnswer(idToken, {
      refreshToken: this.refreshToken,
      expiresIn: this.expiresIn,
      ...(accessToken && { accessToken }),
    })
  }

  /** How often tokens were to be renewed. */
  get renewals(): number {
    return this.tokenRequests.filter(({ body }) => body.get('grant_type') === 'refresh_token').length
  }
}
