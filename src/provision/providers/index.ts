import { entraOidc } from './entra-oidc.ts'
import { entraSaml } from './entra-saml.ts'
import { googleWorkspace } from './google-workspace.ts'
import { oidc } from './oidc.ts'
import { okta } from './okta.ts'
import type { Provider, ProviderName } from './provider.ts'
import { saml } from './saml.ts'

/** Every kind of provider, in the order in which people are offered them. */
export const providers: Readonly<Record<ProviderName, Provider>> = {
  Okta: okta,
  AzureAdOidc: entraOidc,
  AzureAD: entraSaml,
  GoogleWorkspace: googleWorkspace,
  OIDC: oidc,
  SAML: saml,
}
