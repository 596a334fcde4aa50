import { z } from 'zod'

/** The parts of Logto's answers that matter here; whatever else there is stays in them, and goes back with a change. */

export const Application = z.looseObject({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  isThirdParty: z.boolean().default(false),
  oidcClientMetadata: z.looseObject({
    redirectUris: z.array(z.string()),
    postLogoutRedirectUris: z.array(z.string()),
    backchannelLogoutUri: z.string().exactOptional(),
    backchannelLogoutSessionRequired: z.boolean().exactOptional(),
  }),
  customClientMetadata: z.looseObject({ alwaysIssueRefreshToken: z.boolean().exactOptional() }).default({}),
})
export type Application = z.output<typeof Application>

export const ApplicationSecret = z.looseObject({
  name: z.string(),
  value: z.string(),
  expiresAt: z.number().nullish(),
})
export type ApplicationSecret = z.output<typeof ApplicationSecret>

/** What Logto has read at a connector's provider; nothing where it could not, or has not tried. Here SAML's part of it. */
const providerConfig = z
  .looseObject({
    serviceProvider: z
      .looseObject({ entityId: z.string(), assertionConsumerServiceUrl: z.string() })
      .optional(),
    identityProvider: z
      .looseObject({
        entityId: z.string(),
        signInEndpoint: z.string(),
        x509Certificate: z.string(),
      })
      .optional(),
  })
  .nullish()
  .catch(undefined)

export const Connector = z.looseObject({
  id: z.string(),
  providerName: z.string(),
  connectorName: z.string(),
  config: z.looseObject({
    issuer: z.string().exactOptional(),
    clientId: z.string().exactOptional(),
    clientSecret: z.string().exactOptional(),
    scope: z.string().exactOptional(),
    trustUnverifiedEmail: z.boolean().exactOptional(),
    metadataUrl: z.string().exactOptional(),
    metadata: z.string().exactOptional(),
    entityId: z.string().exactOptional(),
    signInEndpoint: z.string().exactOptional(),
    x509Certificate: z.string().exactOptional(),
    attributeMapping: z.record(z.string(), z.string()).exactOptional(),
  }),
  domains: z.array(z.string()),
  providerConfig,
})
export type Connector = z.output<typeof Connector>

/** What Logto has read at a connector's provider, as far as it may be shown: no secret of the config is in it. */
const ReadAtProvider = z
  .looseObject({
    issuer: z.string().optional(),
    authorizationEndpoint: z.string().optional(),
    tokenEndpoint: z.string().optional(),
    userinfoEndpoint: z.string().optional(),
    jwksUri: z.string().optional(),
    identityProvider: z
      .looseObject({
        entityId: z.string().optional(),
        signInEndpoint: z.string().optional(),
        certificateExpiresAt: z.number().optional(),
      })
      .optional(),
  })
  .nullish()
  .catch(undefined)

export const OneConnector = Connector.extend({ providerConfig: ReadAtProvider })
export type OneConnector = z.output<typeof OneConnector>

export const SignInExperience = z.looseObject({ singleSignOnEnabled: z.boolean() })
export type SignInExperience = z.output<typeof SignInExperience>

export const Scope = z.looseObject({ id: z.string(), name: z.string() })
export type Scope = z.output<typeof Scope>

export const ApiResource = z.looseObject({
  id: z.string(),
  name: z.string(),
  indicator: z.string(),
  scopes: z.array(Scope),
})
export type ApiResource = z.output<typeof ApiResource>

export const Role = z.looseObject({
  id: z.string(),
  name: z.string(),
  type: z.enum(['User', 'MachineToMachine']),
})
export type Role = z.output<typeof Role>

/** A permission of a role's, with the API it is of. */
export const RoleScope = Scope.extend({ resource: z.looseObject({ indicator: z.string() }) })
export type RoleScope = z.output<typeof RoleScope>

export const Organization = z.looseObject({
  id: z.string(),
  name: z.string(),
  customData: z.record(z.string(), z.unknown()).catch({}),
})
export type Organization = z.output<typeof Organization>

/** A role of the organization template, with its permissions. */
export const OrganizationRole = Scope.extend({ scopes: z.array(Scope).default([]) })
export type OrganizationRole = z.output<typeof OrganizationRole>

export const Hook = z.looseObject({
  id: z.string(),
  name: z.string(),
  events: z.array(z.string()),
  config: z.looseObject({ url: z.string() }),
  enabled: z.boolean(),
  signingKey: z.string(),
})
export type Hook = z.output<typeof Hook>

export const IdTokenConfig = z.looseObject({ enabledExtendedClaims: z.array(z.string()) })

export const User = z.looseObject({
  id: z.string(),
  primaryEmail: z.string().nullish(),
  lastSignInAt: z.number().nullish(),
  isSuspended: z.boolean().default(false),
})
export type User = z.output<typeof User>

const SsoIdentity = z.looseObject({
  issuer: z.string(),
  identityId: z.string(),
  ssoConnectorId: z.string(),
  detail: z.looseObject({ email: z.string().optional().catch(undefined) }).catch({}),
})
export type SsoIdentity = z.output<typeof SsoIdentity>

/** The identities of one account at companies' identity providers. */
export const Identities = z
  .looseObject({ ssoIdentities: z.array(z.looseObject({ ssoIdentity: SsoIdentity })) })
  .transform(({ ssoIdentities }) => ssoIdentities.map(({ ssoIdentity }) => ssoIdentity))
