import type { Forgery } from '../oidc/forgeries.ts'
import type { LogoutTarget } from '../oidc/logout-token.ts'
import type { KeyKind } from '../oidc/signing-keys.ts'
import type { LogtoSession, RevokeGrants } from '../state/session.ts'
import type { ConnectorFaultEvent, LogoutDelivery, TokenRequest, WebhookDelivery } from './event-log.ts'
import type { TenantSwitchName } from './tenant-switches.ts'

export interface LogoutTokenOptions {
  /** What is wrong with the token; nothing, if left out. */
  forged?: Forgery | undefined
  /** For which application; if left out, the first that has a back-channel logout address. */
  appId?: string
}

/** Has the sandbox's Logto misbehave, and tells what it was asked for. What is changed counts from the next request on. */
export interface SandboxControl {
  /** Has the token endpoint do what it is asked for at once, and answer this many milliseconds later. */
  slowTokens(milliseconds: number): void
  /** Has the token endpoint do nothing, and answer with this status (400 to 599), or reset the connection. */
  failTokens(answer: number | 'reset'): void
  /** Has the token endpoint answer 400 `invalid_grant` to every refresh token. */
  refuseRefresh(): void
  /** Logto gone, but for its control room: 503 on every path, or connections taken and nothing answered. */
  outage(kind?: 'unavailable' | 'silent'): void
  /**
   * Sets Logto's clock ahead of this machine's, or behind it by a negative number; 0 sets it right. Moved are the
   * times in ID tokens and logout tokens (`iat`, `exp`, `auth_time`), the `Date` of every answer and the times webhooks
   * tell. Not moved is what Logto remembers by: its codes, sessions, opaque tokens and the Management API's tokens.
   */
  moveClock(seconds: number): void
  /** Takes all of the above back; people who waited for an answer in an outage are cut off. */
  clearFaults(): void

  /**
   * Has a new key sign from now on.
   *
   * @param options.kind EC for ES384, as Logto begins; RSA for RS256
   * @param options.dropOld whether the key before it is gone from the published set at once; Logto keeps it
   * @returns the `kid` of the new key
   */
  rotateKeys(options?: { kind?: KeyKind; dropOld?: boolean }): Promise<string>
  /** Seconds (whole, 1 or more) that access tokens issued from now on are good for; an hour until then. */
  shortenTokens(seconds: number): void
  /** Whether every refresh gives a new refresh token; if not, only late in the old one's life. Used again, an old one ends the grant. */
  rotateRefreshTokens(always: boolean): void

  /** Sets the tenant so that it keeps people out, or takes that back; `clearFaults` does not. */
  switchTenant(name: TenantSwitchName, on: boolean): void

  /** Logto's sessions that somebody is signed in with. */
  sessions(): LogtoSession[]
  /** Ends one of them as the Management API does, without a word to the application. */
  endSession(uid: string, revokeGrantsTarget?: RevokeGrants): void
  /**
   * Suspends a person: their sessions and grants at Logto go, and its hooks are told.
   *
   * @param person a user's ID, email or username
   * @returns how each delivery ended, when all have; at most 5 s
   */
  suspend(person: string): Promise<WebhookDelivery[]>
  unsuspend(person: string): Promise<WebhookDelivery[]>
  /** Deletes a person, for the rest as if suspended. */
  delete(person: string): Promise<WebhookDelivery[]>

  /**
   * A logout token, genuine or forged, for a test to send itself. Genuine ones name what Logto's name: where the
   * application requires the session (`backchannelLogoutSessionRequired`) that and its person, else the person alone.
   *
   * @throws for a target without the one that has to be named
   */
  logoutToken(target: LogoutTarget, options?: LogoutTokenOptions): Promise<string>
  /** Posts a token to the application's back-channel logout address. At most 5 s; an application that is away is no error. */
  sendLogoutToken(token: string, appId?: string): Promise<LogoutDelivery>
  /**
   * Both of these. With `replay` the same token is sent a second time, and the second answer given.
   *
   * @throws when no application has a back-channel logout address, as all of these three do
   */
  backchannelLogout(
    target: LogoutTarget,
    options?: LogoutTokenOptions & { replay?: boolean },
  ): Promise<LogoutDelivery>

  /** Requests to the token endpoint, those of an outage included, in the order they were dealt with; the last 10,000. */
  readonly tokenRequests: readonly TokenRequest[]
  /** What became of sign-ins that a connector failed, in an operator's words: people read less. */
  readonly connectorFaults: readonly ConnectorFaultEvent[]
  /** In the order they ended. */
  readonly webhookDeliveries: readonly WebhookDelivery[]
  /** Those sent from here; the ones that a sign-out at Logto sends are not among them. */
  readonly logoutDeliveries: readonly LogoutDelivery[]
}
