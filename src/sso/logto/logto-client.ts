import { ReservedScope, UserScope } from '@logto/express'
import LogtoClient, { type ClientAdapter, type JwtVerifier } from '@logto/node'
import { throughProxy } from '../../http-client/through-proxy.ts'
import type { AppConfig } from '../../settings/config.ts'
import { addressesAt } from '../addresses.ts'
import { authorizationRequests, withOwnQuery } from './authorization-request.ts'
import { discoverLogto, issuerAt, type LogtoMetadata } from './logto-metadata.ts'
import { fetchWithin, logtoRequester, readTokenAnswers } from './logto-requester.ts'
import type { Key, SessionTokens, TokenHolder } from './session-tokens.ts'
import { accessTokenVerifier } from './verify/access-token.ts'
import { type AccessToken, idTokenVerifier } from './verify/id-token.ts'
import { issuerKeys } from './verify/issuer.ts'
import { type LogoutToken, logoutTokenVerifier } from './verify/logout-token.ts'

/** What one request wants of its client. */
export interface ClientOptions {
  /** Where the SDK finds and puts its tokens. */
  holder: TokenHolder
  /** Whether answers may take longer, since losing one costs more than waiting. */
  patient?: boolean
}

/** What a person is asked to let this app know: claims for its pages, and nothing no page shows. */
const scopes = [
  UserScope.Email,
  UserScope.Identities,
  UserScope.Roles,
  UserScope.Organizations,
  UserScope.OrganizationRoles,
]

/** OpenID Connect Core 1.0 §11: `offline_access` is for who wants tokens that are good when the person has gone. */
const scopesFor = ({ offlineAccess }: Pick<AppConfig, 'offlineAccess'>) => [
  ReservedScope.OpenId,
  ...(offlineAccess ? [ReservedScope.OfflineAccess] : []),
  UserScope.Profile,
  ...scopes,
]

/** How long a renewal of tokens may take, in milliseconds. Its answer may hold the only refresh token that counts. */
export const patience = ({ logtoTimeout }: Pick<AppConfig, 'logtoTimeout'>) => 3 * logtoTimeout

/**
 * The Logto SDK's `Storage` over a web session. The SDK's four keys live together under `logto`, apart from
 * whatever else a session holds; a key that is removed leaves nothing behind.
 */
export class SessionStorage {
  readonly #holder: TokenHolder

  /** @param holder usually `req.session` */
  constructor(holder: TokenHolder) {
    this.#holder = holder
  }

  /** @returns the value, or null when there is none */
  async getItem(key: Key): Promise<string | null> {
    return this.#holder.logto?.[key] ?? null
  }

  async setItem(key: Key, value: string): Promise<void> {
    const isNew = this.#holder.logto?.[key] !== value
    this.#holder.logto = { ...this.#holder.logto, [key]: value }
    if (key === 'refreshToken' && isNew) await this.#holder.keepRefreshToken?.(value)
  }

  async removeItem(key: Key): Promise<void> {
    const { [key]: _removed, ...kept } = this.#holder.logto ?? {}
    if (Object.keys(kept).length > 0) this.#holder.logto = kept
    else delete this.#holder.logto
  }
}

/** One request's client of the Logto SDK. */
export class RequestLogtoClient extends LogtoClient {
  #destination: string | undefined
  readonly #metadata: () => Promise<LogtoMetadata>

  constructor(
    config: Pick<AppConfig, 'logto' | 'offlineAccess'>,
    { holder }: ClientOptions,
    shared: Pick<ClientAdapter, 'requester'> & {
      verifier: JwtVerifier
      metadata: () => Promise<LogtoMetadata>
    },
  ) {
    const storage = new SessionStorage(holder)
    const requester = readTokenAnswers(shared.requester, (refreshToken) =>
      storage.setItem('refreshToken', refreshToken),
    )
    super(
      { ...config.logto, scopes: scopesFor(config), includeReservedScopes: false },
      {
        requester,
        storage,
        navigate: (url) => {
          this.#destination = url
        },
      },
      () => shared.verifier,
    )
    this.#metadata = shared.metadata
  }

  // To the SDK somebody is signed in who has an ID token. A session keeps what that says, and not the token.
  override isAuthenticated = async () => true

  // The SDK lets requests that wait for a failing discovery try again one after another, each for a whole time
  // limit. Ours share one outcome.
  override getOidcConfig = () => this.#metadata()

  /** Signs out as the SDK does. @returns where the browser ends Logto's session, and from where it comes back */
  async signOutAddress(home: string): Promise<string> {
    await this.signOut(home)
    if (!this.#destination) throw new Error('the SDK named no address to go to')
    return withOwnQuery(this.#destination, (await this.#metadata()).endSessionEndpoint)
  }

  /** Tells the SDK of the attempt whose callback it is about to handle. */
  resume({ state, verifier }: { state: string; verifier: string }, redirectUri: string): Promise<void> {
    return this.setSignInSession({ redirectUri, codeVerifier: verifier, state })
  }
}

/** Logto as the routes see it: its metadata, a client for each request, and what it says of its own accord. */
export interface Logto {
  metadata: () => Promise<LogtoMetadata>
  /** Where an attempt sends the browser. */
  authorizationUrl: ReturnType<typeof authorizationRequests>
  clientFor: (options: ClientOptions) => RequestLogtoClient
  /**
   * Exchanges the code of an attempt for tokens, an ID token among them (RFC 6749 §4.1.3), by the SDK, which verifies it.
   *
   * @throws whatever the SDK and the verifiers throw
   */
  exchange: (code: string, attempt: { state: string; verifier: string }) => Promise<SessionTokens>
  /** @throws TokenError for a token that is not to be followed; whatever keeps it from being verified */
  verifyLogoutToken: (token: string) => Promise<LogoutToken>
  /**
   * Undefined where the app is no API resource.
   *
   * @throws TokenError for a token that opens nothing here; whatever keeps it from being verified
   */
  verifyAccessToken: ((token: string) => Promise<AccessToken>) | undefined
}

/** `fetch` by way of proxies, and within the time that a call may take. */
export const limitedFetch = (
  { proxyFor, logtoTimeout }: Pick<AppConfig, 'proxyFor' | 'logtoTimeout'>,
  send: typeof fetch,
): typeof fetch => fetchWithin(throughProxy(send, proxyFor), logtoTimeout)

/**
 * Sets up what all requests share (metadata, keys, credentials) and gives each a `LogtoClient` of its own.
 *
 * @param config the Logto application and the time limit of each call, in milliseconds
 * @param send `fetch`, or a test's in its place
 */
export function createLogtoClient(config: AppConfig, send: typeof fetch): Logto {
  const limited = limitedFetch(config, send)
  const { endpoint, appId } = config.logto
  const discovery = discoverLogto(endpoint, limited)
  const { metadata } = discovery
  const tokens = { issuer: issuerAt(endpoint), appId, keys: issuerKeys(discovery, limited) }
  const shared = {
    metadata,
    requester: logtoRequester(config.logto, limited),
    verifier: idTokenVerifier(tokens),
  }
  const patient = {
    ...shared,
    requester: logtoRequester(
      config.logto,
      limitedFetch({ ...config, logtoTimeout: patience(config) }, send),
    ),
  }
  const { callback } = addressesAt(config.baseUrl)
  const { logtoConfig } = new RequestLogtoClient(config, { holder: {} }, shared)
  return {
    metadata,
    authorizationUrl: authorizationRequests(logtoConfig, metadata),
    clientFor: (options) => new RequestLogtoClient(config, options, options.patient ? patient : shared),
    async exchange(code, attempt) {
      const holder: TokenHolder = {}
      const client = new RequestLogtoClient(config, { holder }, shared)
      await client.resume(attempt, callback)
      await client.handleSignInCallback(`${callback}?${new URLSearchParams({ code, state: attempt.state })}`)
      if (!holder.logto?.idToken) throw new Error('the SDK reported success and left no ID token')
      return holder.logto
    },
    verifyLogoutToken: logoutTokenVerifier(tokens),
    verifyAccessToken:
      config.apiResource === undefined
        ? undefined
        : accessTokenVerifier({ ...tokens, resource: config.apiResource }),
  }
}
