import { camelCase } from '../camel-case.ts'
import { IssuerFault, readIssuer } from '../connector-issuer.ts'
import { scopeOf } from '../connector-settings.ts'
import type { SsoConnector } from '../state.ts'
import { OKTA_LOGO } from '../well-known.ts'
import { ConnectorConfig } from './schemas.ts'

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
