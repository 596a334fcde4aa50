import type { SsoConnector, Tenant } from '../state/state.ts'

export type CompleteConnector = SsoConnector & {
  config: { issuer: string; clientId: string; clientSecret: string; scope?: string }
}

const isComplete = (connector: SsoConnector): connector is CompleteConnector =>
  URL.canParse(connector.config.issuer ?? '') &&
  Boolean(connector.config.clientId && connector.config.clientSecret) &&
  connector.domains.length > 0

/** Connectors people can use: none while Enterprise SSO is off, none without credentials or without a domain. */
export function availableConnectors(tenant: Tenant): CompleteConnector[] {
  return tenant.signInExperience.singleSignOnEnabled ? tenant.ssoConnectors.filter(isComplete) : []
}

export function connectorById(tenant: Tenant, id: string): CompleteConnector | undefined {
  return availableConnectors(tenant).find((connector) => connector.id === id)
}

/** Connectors whose domain the address is of. Domain names know no case (RFC 4343). */
export function connectorsForEmail(tenant: Tenant, email: string): CompleteConnector[] {
  const [local, domain, ...rest] = email.trim().toLowerCase().split('@')
  if (!local || !domain || rest.length > 0) return []
  return availableConnectors(tenant).filter(({ domains }) =>
    domains.some((candidate) => candidate.toLowerCase() === domain),
  )
}
