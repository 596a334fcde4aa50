import type { Place } from '../companies/index.ts'
import type { LogtoManagement } from '../provision/logto/api/management.ts'
import type { ProviderName } from '../provision/providers/provider.ts'
import type { Logger, SingleSignOn } from '../sso/index.ts'
import type { InvitationSeal } from './invitations/seal.ts'
import type { PortalConfig } from './portal-config.ts'
import type { TryProvider } from './setup/try-provider.ts'

/** A company whose administrator has switched it on. */
export interface ReadyCompany {
  readonly company: string
  readonly domains: readonly string[]
  readonly provider: ProviderName
  /** Of its connector at Logto. */
  readonly connectorId: string
  /** Of its organization at Logto. */
  readonly organizationId: string | undefined
}

export interface PortalHooks {
  /** A company's administrator has switched it on. May take two seconds; where it fails, a line says so. */
  onCompanyReady?: (company: ReadyCompany) => unknown
}

/** What the portal's pages share. */
export interface PortalParts extends PortalHooks {
  readonly config: PortalConfig
  readonly sso: SingleSignOn
  readonly logger: Logger
  /** Where the app's companies live, the invitations beside them. */
  readonly place: Place
  readonly logto: LogtoManagement
  readonly seal: InvitationSeal
  readonly tryProvider: TryProvider
  /** Milliseconds within which every process of the app knows what has changed of companies. */
  readonly knownWithin: number
}
