import { ReservedScope, UserScope } from '@logto/express'
import LogtoClient, { type ClientAdapter, type JwtVerifier } from '@logto/node'
import { throughProxy } from '../../http-client/through-proxy.ts'
import type { AppConfig } from '../../settings/config.ts'
import { authorizationRequests, withOwnQuery } from './authorization-request.ts'
import { discoverLogto, issuerAt, type LogtoMetadata } from './logto-metadata.ts'
import { fetchWithin, logtoRequester } from './logto-requester.ts'
import { readTokenAnswers } from './token-answer.ts'
import { SessionStorage, type TokenHolder } from './token-storage.ts'
import { accessTokenVerifier } from './verify/access-token.ts'
import type { AccessToken } from './verify/claims.ts'
import { idTokenVerifier } from './verify/id-token.ts'
import { issuerKeys } from './verify/issuer-keys.ts'
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
  /** @throws LogoutTokenError for a token that is not to be followed; whatever keeps it from being verified */
  verifyLogoutToken: (token: string) => Promise<LogoutToken>
  /**
   * Undefined where the app is no API resource.
   *
   * @throws AccessTokenError for a token that opens nothing here; whatever keeps it from being verified
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
  const { logtoConfig } = new RequestLogtoClient(config, { holder: {} }, shared)
  return {
    metadata,
    authorizationUrl: authorizationRequests(logtoConfig, metadata),
    clientFor: (options) => new RequestLogtoClient(config, options, options.patient ? patient : shared),
    verifyLogoutToken: logoutTokenVerifier(tokens),
    verifyAccessToken:
      config.apiResource === undefined
        ? undefined
        : accessTokenVerifier({ ...tokens, resource: config.apiResource }),
  }
}
