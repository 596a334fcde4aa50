import type { EventEmitter } from 'node:events'
import type Provider from 'oidc-provider'
import type { Configuration } from 'oidc-provider'
import { reportUnexpected } from '../unexpected.ts'

const MINUTE = 60
const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** Lifetimes in seconds. Given as numbers, all of them: oidc-provider prints a notice for each one left out. */
export const TTL = {
  AccessToken: HOUR,
  AuthorizationCode: MINUTE,
  BackchannelAuthenticationRequest: 10 * MINUTE,
  ClientCredentials: HOUR,
  DeviceCode: 10 * MINUTE,
  Grant: 180 * DAY,
  IdToken: HOUR,
  Interaction: HOUR,
  PreAuthorizedCode: 10 * MINUTE,
  RefreshToken: 14 * DAY,
  Session: 14 * DAY,
} as const

/**
 * Outgoing requests without oidc-provider's guard against private addresses: everything the sandbox may reach is on
 * loopback. A self-hosted Logto must have its own guard switched off for the same.
 */
export const fetchLoopback: NonNullable<Configuration['fetch']> = (url, options) => {
  const { dispatcher: _guard, ...rest } = options as RequestInit & { dispatcher?: unknown }
  return fetch(url, rest)
}

/** Whether the client may revoke or inspect a token: its own only (RFC 7009 §2.1). */
export const ownTokensOnly = (_ctx: unknown, client: { clientId: string }, token: { clientId?: unknown }) =>
  token.clientId === client.clientId

/** Reports failures of the provider itself; what a caller did wrong is an answer, not a failure. */
export function reportFailures(provider: Provider, name: string): void {
  provider.on('server_error', (_ctx, error) => reportUnexpected(name, error))
  const koa: EventEmitter = provider
  koa.on('error', (error: Error & { status?: number; code?: string }) => {
    const callerLeft = error.code === 'ECONNRESET' || error.code === 'ERR_STREAM_PREMATURE_CLOSE'
    if (!callerLeft && (error.status ?? 500) >= 500) reportUnexpected(name, error)
  })
}
