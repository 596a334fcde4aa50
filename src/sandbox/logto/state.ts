/** A tenant as Logto's Management API shows it, so that the API can later edit these very objects. */

export interface Application {
  id: string
  name: string
  secret: string
  description: string | null
  type: 'Traditional' | 'SPA' | 'Native' | 'MachineToMachine'
  oidcClientMetadata: {
    redirectUris: string[]
    postLogoutRedirectUris: string[]
    backchannelLogoutUri?: string
    backchannelLogoutSessionRequired?: boolean
  }
  customClientMetadata: {
    alwaysIssueRefreshToken?: boolean
    rotateRefreshToken?: boolean
    corsAllowedOrigins?: string[]
    idTokenTtl?: number
    refreshTokenTtlInDays?: number
  }
  isThirdParty: boolean
  createdAt: number
}

export interface SsoConnector {
  tenantId: string
  id: string
  providerName: 'Okta'
  connectorName: string
  config: {
    issuer?: string
    clientId?: string
    clientSecret?: string
    scope?: string
    trustUnverifiedEmail?: boolean
  }
  domains: string[]
  branding: { displayName?: string; logo?: string; darkLogo?: string }
  syncProfile: boolean
  enableTokenStorage: boolean
  createdAt: number
}

export interface SsoIdentity {
  ssoConnectorId: string
  issuer: string
  identityId: string
  detail: Record<string, unknown>
}

export interface User {
  id: string
  username: string | null
  primaryEmail: string | null
  primaryPhone: string | null
  name: string | null
  avatar: string | null
  customData: Record<string, unknown>
  identities: Record<string, unknown>
  profile: Record<string, unknown>
  ssoIdentities: SsoIdentity[]
  roles: string[]
  organizations: Array<{ id: string; name: string; description: string | null; roles: string[] }>
  passwordEncrypted: string | null
  isSuspended: boolean
  lastSignInAt: number | null
  createdAt: number
  updatedAt: number
}

export interface SignInExperience {
  singleSignOnEnabled: boolean
  signInMode: 'SignIn' | 'Register' | 'SignInAndRegister'
}

export interface Tenant {
  id: string
  applications: Application[]
  ssoConnectors: SsoConnector[]
  users: User[]
  signInExperience: SignInExperience
}

/** A tenant on its first day: nobody in it, no application, Enterprise SSO off. */
export function createTenant(): Tenant {
  return {
    id: 'default',
    applications: [],
    ssoConnectors: [],
    users: [],
    signInExperience: { singleSignOnEnabled: false, signInMode: 'SignInAndRegister' },
  }
}
