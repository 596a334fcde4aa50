import { z } from 'zod'
import { HOOK_EVENTS } from '../../hook-events.ts'
import { isRedirectUri } from './redirect-uri.ts'

/**
 * What the Management API takes in request bodies, as plain objects, nested ones apart. Logto drops the keys it does
 * not know, so these do; a misspelt key is thus no error, and a caller's test may want them strict.
 */
const RedirectUri = z.string().refine(isRedirectUri)
const Name = z.string().min(1).max(256)
const Anything = z.record(z.string(), z.unknown())

export const OidcClientMetadata = z.object({
  redirectUris: z.array(RedirectUri),
  postLogoutRedirectUris: z.array(RedirectUri),
  backchannelLogoutUri: z.url().exactOptional(),
  backchannelLogoutSessionRequired: z.boolean().exactOptional(),
  logoUri: z.string().exactOptional(),
})

export const CustomClientMetadata = z.object({
  corsAllowedOrigins: z.array(z.string().min(1)).exactOptional(),
  idTokenTtl: z.number().exactOptional(),
  refreshTokenTtl: z.number().exactOptional(),
  refreshTokenTtlInDays: z.number().int().min(1).max(180).exactOptional(),
  tenantId: z.string().exactOptional(),
  alwaysIssueRefreshToken: z.boolean().exactOptional(),
  rotateRefreshToken: z.boolean().exactOptional(),
  allowTokenExchange: z.boolean().exactOptional(),
  isDeviceFlow: z.boolean().exactOptional(),
  maxAllowedGrants: z.number().exactOptional(),
})

/** The types Logto knows, in its order; the sandbox can be used with the first four. */
export const ApplicationType = z.enum([
  'Native',
  'SPA',
  'Traditional',
  'MachineToMachine',
  'Protected',
  'SAML',
])

export const ApplicationCreate = z.object({
  name: Name,
  type: ApplicationType,
  description: z.string().nullable().exactOptional(),
  oidcClientMetadata: OidcClientMetadata.exactOptional(),
  customClientMetadata: CustomClientMetadata.exactOptional(),
  customData: Anything.exactOptional(),
  isThirdParty: z.boolean().exactOptional(),
})

export const ApplicationPatch = z.object({
  name: Name.exactOptional(),
  description: z.string().nullable().exactOptional(),
  oidcClientMetadata: OidcClientMetadata.exactOptional(),
  customClientMetadata: CustomClientMetadata.exactOptional(),
  customData: Anything.exactOptional(),
  appLevelAccessControlEnabled: z.boolean().exactOptional(),
  isAdmin: z.boolean().exactOptional(),
})

export const ApplicationSecretCreate = z.object({
  name: Name,
  expiresAt: z.number().nullable().exactOptional(),
})

export const ApplicationSecretPatch = ApplicationSecretCreate.pick({ name: true })

export const ConnectorBranding = z.object({
  displayName: z.string().exactOptional(),
  logo: z.string().exactOptional(),
  darkLogo: z.string().exactOptional(),
})

export const SsoConnectorPatch = z.object({
  connectorName: z.string().min(1).max(128).exactOptional(),
  // Looked at later by the kind of provider, with an error code of its own.
  config: Anything.exactOptional(),
  domains: z.array(z.string()).exactOptional(),
  branding: ConnectorBranding.exactOptional(),
  syncProfile: z.boolean().exactOptional(),
  enableTokenStorage: z.boolean().exactOptional(),
})

export const SsoConnectorCreate = SsoConnectorPatch.extend({
  providerName: z.string().min(1).max(128),
  connectorName: z.string().min(1).max(128),
})

export const HookConfig = z.object({
  url: z.string(),
  headers: z.record(z.string(), z.string()).exactOptional(),
  retries: z.number().min(0).max(3).exactOptional(),
})

const HookEvents = z.array(z.enum(HOOK_EVENTS)).nonempty()

export const HookCreate = z.object({
  name: z.string().max(256).exactOptional(),
  event: z.enum(HOOK_EVENTS).exactOptional(),
  events: HookEvents.exactOptional(),
  config: HookConfig,
  enabled: z.boolean().exactOptional(),
})

export const ResourceCreate = z.object({
  name: z.string().min(1),
  indicator: z.string().min(1),
  accessTokenTtl: z.number().exactOptional(),
})

export const ScopeCreate = z.object({ name: Name, description: z.string().nullable().exactOptional() })

export const RoleType = z.enum(['User', 'MachineToMachine'])

export const RoleCreate = z.object({
  name: z.string().min(1).max(128),
  description: z.string().min(1).max(128),
  type: RoleType.exactOptional(),
  isDefault: z.boolean().exactOptional(),
  scopeIds: z.array(z.string().min(1)).exactOptional(),
})

export const RoleScopesCreate = z.object({ scopeIds: z.array(z.string().min(1)).nonempty() })

export const UserSuspension = z.object({ isSuspended: z.boolean() })

/** As much of what Logto changes of a user. */
export const UserPatch = z.object({
  primaryEmail: z
    .string()
    .regex(/^\S+@\S+\.\S+$/)
    .exactOptional(),
})

export const HookPatch = z.object({
  name: z.string().max(256).exactOptional(),
  event: z.enum(HOOK_EVENTS).nullable().exactOptional(),
  events: HookEvents.exactOptional(),
  config: HookConfig.exactOptional(),
  enabled: z.boolean().exactOptional(),
})
