import type { HookEvent } from '../hook-events.ts'
import type { ApiResource, Role } from './api-resource.ts'
import type { IdpInitiatedAuth, SsoConnector } from './connector.ts'
import { managementApiResource } from './management-api.ts'
import type { Membership, Organization, OrganizationRole, OrganizationScope } from './organization.ts'

export type { ApiResource, Permission, Role } from './api-resource.ts'
export type { SsoConnector } from './connector.ts'

/** A tenant much as Logto's Management API shows it: the API edits these very objects. */
export interface ApplicationSecret {
  name: string
  value: string
  createdAt: number
  /** Milliseconds since 1970, as all of Logto's times; null for one that does not run out. */
  expiresAt: number | null
}

export interface Application {
  id: string
  name: string
  /** What the API shows as `secret`: since Logto has named secrets, a value nobody can authenticate with. */
  internalSecret: string
  /** Any of them that has not run out authenticates the application. */
  secrets: ApplicationSecret[]
  description: string | null
  type: 'Traditional' | 'SPA' | 'Native' | 'MachineToMachine'
  oidcClientMetadata: {
    redirectUris: string[]
    postLogoutRedirectUris: string[]
    backchannelLogoutUri?: string
    backchannelLogoutSessionRequired?: boolean
    logoUri?: string
  }
  customClientMetadata: {
    alwaysIssueRefreshToken?: boolean
    rotateRefreshToken?: boolean
    corsAllowedOrigins?: string[]
    idTokenTtl?: number
    refreshTokenTtl?: number
    refreshTokenTtlInDays?: number
    tenantId?: string
    allowTokenExchange?: boolean
    isDeviceFlow?: boolean
    maxAllowedGrants?: number
  }
  customData: Record<string, unknown>
  isThirdParty: boolean
  appLevelAccessControlEnabled: boolean
  /** Whether the application has the role for all of the Management API, which is not among `Tenant.roles`. */
  isAdmin: boolean
  /** Permissions of API resources that it has of its own, as a machine; a person's come from their roles. */
  permissions?: string[]
  createdAt: number
}

export interface SsoIdentity {
  id: string
  ssoConnectorId: string
  issuer: string
  identityId: string
  detail: Record<string, unknown>
  createdAt: number
  updatedAt: number
}

/** Claims that an ID token has only where the tenant's configuration names them; userinfo has all of them. */
export const EXTENDED_CLAIMS = [
  'custom_data',
  'identities',
  'sso_identities',
  'roles',
  'organizations',
  'organization_data',
  'organization_roles',
] as const

export type ExtendedClaim = (typeof EXTENDED_CLAIMS)[number]

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
  organizations: Membership[]
  passwordEncrypted: string | null
  /** The application they signed in to first. */
  applicationId: string | null
  isSuspended: boolean
  lastSignInAt: number | null
  createdAt: number
  updatedAt: number
}

/** What somebody at the tenant gives by hand to who comes through enterprise SSO with an email of a domain. */
export interface GivenByHand {
  /** Roles of the tenant by name, once they are there. */
  roles: readonly string[]
  organizations: readonly Membership[]
}

export interface SignInExperience {
  /** Where the browser goes that no sign-in is under way in; nowhere, if left out. */
  unknownSessionRedirectUrl?: string | null
  singleSignOnEnabled: boolean
  signInMode: 'SignIn' | 'Register' | 'SignInAndRegister'
  /** Kept and given back. */
  [setting: string]: unknown
}

export interface Hook {
  id: string
  name: string
  /** The one event of a hook made before hooks had several. */
  event: HookEvent | null
  events: HookEvent[]
  config: { url: string; headers?: Record<string, string>; retries?: number }
  signingKey: string
  enabled: boolean
  createdAt: number
}

export interface Tenant {
  id: string
  applications: Application[]
  ssoConnectors: SsoConnector[]
  /** By the connector's ID. */
  idpInitiatedAuth: Map<string, IdpInitiatedAuth>
  /** The issuer of every Google account. */
  googleIssuer: string
  /** Of all the events they may be registered for, those of people who sign in and who leave are delivered. */
  hooks: Hook[]
  users: User[]
  apiResources: ApiResource[]
  /** Those of the tenant; `User.roles` names them. */
  roles: Role[]
  organizations: Organization[]
  /** Those of the organization template, which all organizations share; `User.organizations` names them. */
  organizationRoles: OrganizationRole[]
  organizationScopes: OrganizationScope[]
  /** By domain. */
  givenByHand: Record<string, GivenByHand>
  signInExperience: SignInExperience
  idToken: {
    enabledExtendedClaims: ExtendedClaim[]
    /** Whether the tenant's plan lets anybody change the list. */
    isInPlan: boolean
  }
}

/** A tenant on its first day: nobody in it, no application, no API but its own, Enterprise SSO off. */
export function createTenant(): Tenant {
  return {
    id: 'default',
    applications: [],
    ssoConnectors: [],
    idpInitiatedAuth: new Map(),
    googleIssuer: 'https://accounts.google.com',
    hooks: [],
    users: [],
    apiResources: [managementApiResource()],
    roles: [],
    organizations: [],
    organizationRoles: [],
    organizationScopes: [],
    givenByHand: {},
    signInExperience: { singleSignOnEnabled: false, signInMode: 'SignInAndRegister' },
    idToken: { enabledExtendedClaims: ['roles', 'organizations', 'organization_roles'], isInPlan: true },
  }
}
