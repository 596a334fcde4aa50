import type { SsoConnector, Tenant } from '../state/state.ts'

export type CompleteConnector = SsoConnector & {
  config: { issuer: string; clientId: string; clientSecret: string; scope?: string }
}

const isComplete = (connector: SsoConnector): connector is CompleteConnector =>
  URL.canParse(connector.config.issuer ?? '') &&
  Boolean(connector.config.clientId && connector.config.clientSecret)

/** Connectors that a sign-in can go through: none while Enterprise SSO is off, none without credentials. */
const usableConnectors = (tenant: Tenant): CompleteConnector[] =>
  tenant.signInExperience.singleSignOnEnabled ? tenant.ssoConnectors.filter(isComplete) : []

/** Those of them that Logto tells its pages of: none without a domain. */
export const availableConnectors = (tenant: Tenant): CompleteConnector[] =>
  usableConnectors(tenant).filter(({ domains }) => domains.length > 0)

/** One that is named: a direct sign-in goes through it before it has a domain, so that it can be tried. */
export function connectorById(tenant: Tenant, id: string): CompleteConnector | undefined {
  return usableConnectors(tenant).find((connector) => connector.id === id)
}

/** Connectors whose domain the address is of. Domain names know no case (RFC 4343). */
export function connectorsForEmail(tenant: Tenant, email: string): CompleteConnector[] {
  const [local, domain, ...rest] = email.trim().toLowerCase().split('@')
  if (!local || !domain || rest.length > 0) return []
  return availableConnectors(tenant).filter(({ domains }) =>
    domains.some((candidate) => candidate.toLowerCase() === domain),
  )
}
