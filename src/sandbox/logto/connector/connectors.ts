import type { SsoConnector } from '../state/connector.ts'
import type { Tenant } from '../state/state.ts'
import { isSaml } from './kinds.ts'

/** A connector with all that its provider needs. */
export type OpenIdConnector = SsoConnector & {
  config: { issuer: string; clientId: string; clientSecret: string }
}

export type CompleteConnector = OpenIdConnector | SsoConnector

export const isOpenId = (connector: CompleteConnector): connector is OpenIdConnector => !isSaml(connector)

function isComplete(connector: SsoConnector): boolean {
  const { issuer, clientId, clientSecret, metadataUrl, metadata, ...byHand } = connector.config
  if (!isSaml(connector)) return URL.canParse(issuer ?? '') && Boolean(clientId && clientSecret)
  return Boolean(
    metadataUrl || metadata || (byHand.entityId && byHand.signInEndpoint && byHand.x509Certificate),
  )
}

/** The issuer of a connector: of one for Google, Logto has it by itself. */
export const issuerIn = (
  { googleIssuer }: Tenant,
  { providerName, config }: Pick<SsoConnector, 'providerName' | 'config'>,
): string => (providerName === 'GoogleWorkspace' ? googleIssuer : (config.issuer ?? ''))

const withIssuer = (tenant: Tenant, connector: SsoConnector): SsoConnector =>
  connector.providerName === 'GoogleWorkspace'
    ? { ...connector, config: { ...connector.config, issuer: issuerIn(tenant, connector) } }
    : connector

/** Connectors that a sign-in can go through: none while Enterprise SSO is off, none without credentials. */
const usableConnectors = (tenant: Tenant): CompleteConnector[] =>
  tenant.signInExperience.singleSignOnEnabled
    ? tenant.ssoConnectors.map((connector) => withIssuer(tenant, connector)).filter(isComplete)
    : []

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
