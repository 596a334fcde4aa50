import { z } from 'zod'
import type { ProviderName } from '../state/connector.ts'

/** The config of a connector for OpenID Connect, Okta's among them. */
export const OpenIdConfig = z.object({
  clientId: z.string(),
  clientSecret: z.string(),
  issuer: z.string(),
  scope: z.string().exactOptional(),
  trustUnverifiedEmail: z.boolean().default(false),
})

/** Without an issuer: Logto has it. */
const Google = OpenIdConfig.omit({ issuer: true }).extend({ offlineAccess: z.boolean().exactOptional() })

const ForSaml = z.object({
  attributeMapping: z
    .object({ id: z.string(), email: z.string(), name: z.string() })
    .partial()
    .exactOptional(),
  signAuthnRequest: z.boolean().exactOptional(),
  requestSignatureAlgorithm: z.enum(['RSA-SHA256', 'RSA-SHA512']).exactOptional(),
})

/** Where the metadata is, or the metadata, or the three values of it that are needed. */
const Saml = z.union([
  ForSaml.extend({ metadataUrl: z.string() }),
  ForSaml.extend({ metadata: z.string() }),
  ForSaml.extend({ entityId: z.string(), signInEndpoint: z.string(), x509Certificate: z.string() }),
])

/** What Logto knows of a kind of provider, and what the config of a connector for it holds. */
interface Kind {
  type: 'oidc' | 'saml'
  name: string
  description: string
  config: z.ZodType<object>
}

/** By the name that the API has for it. */
export const KINDS: Readonly<Record<ProviderName, Kind>> = {
  OIDC: {
    ...{ type: 'oidc', name: 'OIDC', config: OpenIdConfig },
    description: 'Modern protocol built on OAuth 2.0 for authentication in web and mobile apps.',
  },
  SAML: {
    ...{ type: 'saml', name: 'SAML', config: Saml },
    description: 'Established XML-based framework for exchanging authentication data.',
  },
  AzureAD: {
    ...{ type: 'saml', name: 'Microsoft Entra ID (SAML)', config: Saml },
    description: 'SAML on the Microsoft identity platform.',
  },
  GoogleWorkspace: {
    ...{ type: 'oidc', name: 'Google Workspace', config: Google },
    description: 'Identity and access management within Google’s ecosystem.',
  },
  Okta: {
    ...{ type: 'oidc', name: 'Okta', config: OpenIdConfig },
    description: 'Cloud-based identity management for secure, efficient enterprise access.',
  },
  AzureAdOidc: {
    ...{ type: 'oidc', name: 'Microsoft Entra ID (OIDC)', config: OpenIdConfig },
    description: 'OpenID Connect on the Microsoft identity platform.',
  },
}

export const isProviderName = (name: string): name is ProviderName => Object.hasOwn(KINDS, name)

export const isSaml = ({ providerName }: { providerName: ProviderName }): boolean =>
  KINDS[providerName].type === 'saml'
