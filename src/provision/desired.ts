import type { ProviderName, Values } from './providers/provider.ts'

/** What the two tenants should hold. */
export interface Desired {
  /** The app's `BASE_URL`, without a slash at its end. */
  baseUrl: string
  /** The application's name in Logto and on Okta's dashboard. */
  appName: string
  logto: LogtoAccess
  /** What the settings say of the application today, to recognise it by. */
  application: { id: string | undefined; secret: string | undefined }
  connector: { name: string; domains: string[]; scopes: string[] }
  /** The organization that the company's people join by signing in; undefined where there is to be none. */
  organization?: DesiredOrganization
  /** The company's identity provider, where that is not Okta: Logto's half is made, and the other is said. */
  provider?: OtherProvider
  /** With Okta, whom the connector trusts; unknown while somebody has yet to make Okta's half by hand. */
  issuer: string | undefined
  /** The org to wire as well; without it, Okta's half is made by hand. */
  okta: { orgUrl: string; apiToken: string; clientId: string | undefined } | undefined
  /** The Okta group whose members may use the application. */
  group: string
  /** What somebody has made in Okta's console. */
  byHand: OktaClient | undefined
  /** The app's identifier as an API resource; without it, nothing is made for its API. */
  apiResource: string | undefined
  /** The permissions of that API which the app's guards ask for. */
  apiPermissions: readonly string[]
  /** Whether the app asks for tokens that outlive the session at Logto (`offline_access`). */
  offlineAccess: boolean
  /** Makes the secret of the company's event hook; of several, the one that makes secrets. */
  companyHookKey: string
  /** Whether Logto is to send webhooks at all. */
  webhooks: boolean
  /** Whether single values that somebody else has set are ours to replace. */
  takeOver: boolean
}

export interface DesiredOrganization {
  name: string
  /** Of the organization template, by name: what people get when they join. */
  roles: readonly string[]
  /** Of the template, by name: what these roles open. */
  permissions: readonly string[]
}

export interface OtherProvider {
  name: Exclude<ProviderName, 'Okta'>
  /** Undefined while nobody has made the provider's half. */
  values: Values | undefined
}

/** How to reach one tenant's Management API. */
export interface LogtoAccess {
  /** Logto's address, without a slash at its end. */
  endpoint: string
  /** The API's identifier, which is its tokens' audience. */
  managementApi: string
  appId: string
  appSecret: string
}

export interface OktaClient {
  clientId: string
  clientSecret: string
}

/** The identifier of the Management API that goes with an endpoint: each Logto Cloud tenant has its own. */
export function managementApiOf(endpoint: string): string {
  const { hostname, origin } = new URL(endpoint)
  return hostname.endsWith('.logto.app') ? `${origin}/api` : 'https://default.logto.app/api'
}
