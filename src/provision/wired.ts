import type { OktaClient } from './desired.ts'
import type { ConnectorAddresses } from './providers/provider.ts'

/** What the two tenants have told so far: known from the start for what exists, and filled in as the rest is made. */
export interface Wired {
  applicationId?: string
  appSecret?: string
  connectorId?: string
  /** The connector's, those that were there before included. */
  domains?: string[]
  /** Whom the connector trusts, or will once the plan is done. */
  issuer?: string
  /** The organization of the company's people. */
  organizationId?: string
  /** The IDs of all connectors that Logto has. */
  connectorIds?: readonly string[]
  /** Whether the connector still lacks what it needs to sign anybody in: until then the app is not told of it. */
  isIncomplete?: boolean
  /** A SAML connector's addresses, where Logto says them. */
  serviceProvider?: Pick<ConnectorAddresses, 'entityId' | 'assertionConsumerServiceUrl'>
  oktaAppId?: string
  oktaClient?: OktaClient
  webhookSigningKey?: string
  /** What Okta's API says of Universal Logout for the app, such as `ENABLED`. */
  universalLogout?: string
  /** Whether the API token is not enough to make the event hook. */
  hookByHand?: boolean
  /** Of our API resource's permissions, by their names; those that are still to be made are not in it. */
  permissionIds?: Record<string, string>
}

/**
 * What a step before this one has found out.
 *
 * @throws for a bug of ours: steps in the wrong order
 */
export function known<K extends keyof Wired>(wired: Wired, name: K): NonNullable<Wired[K]> {
  const value = wired[name]
  if (value === undefined) throw new Error(`${name} is not known yet`)
  return value as NonNullable<Wired[K]>
}
