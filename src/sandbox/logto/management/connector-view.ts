import { issuerIn } from '../connector/connectors.ts'
import { isSaml, KINDS } from '../connector/kinds.ts'
import { IssuerFault, readIssuer } from '../connector/openid/issuer.ts'
import { scopeOf } from '../connector/openid/scope.ts'
import { DEFAULT_MAPPING } from '../connector/saml/assertion.ts'
import { MetadataFault, readProvider } from '../connector/saml/metadata.ts'
import { serviceProviderOf } from '../connector/saml/request.ts'
import { LOGO } from '../experience/well-known.ts'
import { camelCase } from '../state/camel-case.ts'
import type { SsoConnector } from '../state/connector.ts'
import type { Tenant } from '../state/state.ts'

const ENDPOINTS = ['authorization_endpoint', 'token_endpoint', 'userinfo_endpoint', 'jwks_uri'] as const

/** The providers a connector can be made for. */
export const PROVIDERS = Object.entries(KINDS).map(([providerName, { type, name, description }]) => ({
  ...{ providerName, providerType: type, logo: LOGO, logoDark: LOGO, description, name },
}))

/** A connector with what Logto knows of its provider, and with what that says of itself where it can be read. */
export async function withProvider(
  endpoint: string,
  tenant: Tenant,
  connector: SsoConnector,
): Promise<Record<string, unknown>> {
  const { name, type } = KINDS[connector.providerName]
  const read = isSaml(connector) ? samlConfig(endpoint, connector) : openIdConfig(tenant, connector)
  return {
    ...connector,
    ...{ name, providerType: type, providerLogo: LOGO, providerLogoDark: LOGO },
    providerConfig: await read,
  }
}

async function openIdConfig(
  tenant: Tenant,
  connector: SsoConnector,
): Promise<Record<string, unknown> | null> {
  const { config, providerName } = connector
  if (!KINDS[providerName].config.safeParse(config).success) return null
  const document = await readIssuer(issuerIn(tenant, connector)).catch(nothingFor(IssuerFault))
  if (!document) return null
  return {
    ...config,
    issuer: document.issuer,
    scope: scopeOf(config),
    trustUnverifiedEmail: config.trustUnverifiedEmail ?? false,
    ...Object.fromEntries(ENDPOINTS.map((name) => [camelCase(name), document[name]])),
  }
}

/** What Logto is to the provider stands there from the beginning: it is entered in the provider's console. */
async function samlConfig(endpoint: string, { id, config, providerName }: SsoConnector) {
  const isWhole = KINDS[providerName].config.safeParse(config).success
  const provider = isWhole ? await readProvider(config).catch(nothingFor(MetadataFault)) : undefined
  return {
    defaultAttributeMapping: DEFAULT_MAPPING,
    serviceProvider: serviceProviderOf(endpoint, id),
    ...(provider && { identityProvider: provider.about }),
  }
}

const nothingFor =
  (kind: typeof IssuerFault | typeof MetadataFault) =>
  (fault: unknown): undefined => {
    if (!(fault instanceof kind)) throw fault
  }
