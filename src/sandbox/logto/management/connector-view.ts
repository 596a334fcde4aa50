import { IssuerFault, readIssuer } from '../connector/connector-issuer.ts'
import { scopeOf } from '../connector/connector-settings.ts'
import { OKTA_LOGO } from '../experience/well-known.ts'
import { camelCase } from '../state/camel-case.ts'
import type { SsoConnector } from '../state/state.ts'
import { ConnectorConfig } from './shared/schemas.ts'

const ENDPOINTS = ['authorization_endpoint', 'token_endpoint', 'userinfo_endpoint', 'jwks_uri'] as const

/** The providers a connector can be made for. */
export const PROVIDERS = [
  {
    providerName: 'Okta',
    providerType: 'oidc',
    logo: OKTA_LOGO,
    logoDark: OKTA_LOGO,
    description: 'Cloud-based identity management for secure, efficient enterprise access.',
    name: 'Okta',
  },
]

/** A connector with what Logto knows of its provider, and with what its issuer says of itself where that can be read. */
export async function withProvider(connector: SsoConnector): Promise<Record<string, unknown>> {
  const providerConfig = await providerConfigOf(connector)
  return {
    ...connector,
    name: connector.providerName,
    providerType: 'oidc',
    providerLogo: OKTA_LOGO,
    providerLogoDark: OKTA_LOGO,
    ...(providerConfig && { providerConfig }),
  }
}

async function providerConfigOf({ config }: SsoConnector): Promise<Record<string, unknown> | undefined> {
  const { data } = ConnectorConfig.safeParse(config)
  if (!data) return undefined
  const document = await readIssuer(data.issuer).catch((fault: unknown) => {
    if (!(fault instanceof IssuerFault)) throw fault
    return undefined
  })
  if (!document) return undefined
  return {
    clientId: data.clientId,
    clientSecret: data.clientSecret,
    issuer: document.issuer,
    scope: scopeOf(data),
    trustUnverifiedEmail: data.trustUnverifiedEmail ?? false,
    ...Object.fromEntries(ENDPOINTS.map((name) => [camelCase(name), document[name]])),
  }
}
