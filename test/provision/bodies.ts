import { z } from 'zod'
import { OpenIdConfig } from '../../src/sandbox/logto/connector/kinds.ts'
import { IdTokenConfig } from '../../src/sandbox/logto/management/id-token-config.ts'
import * as organizations from '../../src/sandbox/logto/management/shared/organization-schemas.ts'
import * as logto from '../../src/sandbox/logto/management/shared/schemas.ts'
import { SignInExperiencePatch } from '../../src/sandbox/logto/management/shared/sign-in-experience-schema.ts'

/** What both management APIs take, with no key that is not theirs: a misspelt one is dropped there without a word. */

const metadata = {
  oidcClientMetadata: logto.OidcClientMetadata.strict(),
  customClientMetadata: logto.CustomClientMetadata.strict().exactOptional(),
}
const text = z.string().min(1)
const saml = {
  attributeMapping: z.strictObject({ id: text, email: text, name: text }),
  signAuthnRequest: z.boolean().exactOptional(),
}
/** Of SAML's three ways one: what is given beside it would be dropped. */
const connectorConfig = z.union([
  OpenIdConfig.strict(),
  OpenIdConfig.omit({ issuer: true }).strict(),
  z.strictObject({ ...saml, metadataUrl: z.url() }),
  z.strictObject({ ...saml, metadata: text }),
  z.strictObject({ ...saml, entityId: text, signInEndpoint: z.url(), x509Certificate: text }),
])
const connector = { config: connectorConfig.exactOptional() }
const hook = { config: logto.HookConfig.strict() }

const NewApplication = logto.ApplicationCreate.extend(metadata).strict()
const ChangedApplication = logto.ApplicationPatch.extend(metadata).strict()
const NewConnector = logto.SsoConnectorCreate.extend(connector).strict()
const ChangedConnector = logto.SsoConnectorPatch.extend(connector).strict()
const NewHook = logto.HookCreate.extend(hook).strict()
const ChangedHook = logto.HookPatch.extend({ config: hook.config.exactOptional() }).strict()

const uris = z.array(z.url())
const someIds = z.array(text).min(1)

/** An OIDC app of Okta's, as far as one can be written. */
const WrittenApp = z.strictObject({
  name: z.literal('oidc_client'),
  label: z.string().min(1).max(100),
  signOnMode: z.literal('OPENID_CONNECT'),
  visibility: z.strictObject({
    autoLaunch: z.boolean().optional(),
    autoSubmitToolbar: z.boolean().optional(),
    hide: z.strictObject({ iOS: z.boolean().optional(), web: z.boolean() }),
  }),
  accessibility: z.record(z.string(), z.unknown()).optional(),
  credentials: z.strictObject({
    userNameTemplate: z.record(z.string(), z.unknown()).optional(),
    signing: z.record(z.string(), z.unknown()).optional(),
    oauthClient: z.strictObject({
      client_id: z.string().min(6).max(100).optional(),
      autoKeyRotation: z.boolean().optional(),
      token_endpoint_auth_method: z.enum(['client_secret_basic', 'client_secret_post']),
      pkce_required: z.literal(false),
    }),
  }),
  settings: z.strictObject({
    app: z.record(z.string(), z.unknown()).optional(),
    notifications: z.record(z.string(), z.unknown()).optional(),
    notes: z.record(z.string(), z.unknown()).optional(),
    manualProvisioning: z.boolean().optional(),
    implicitAssignment: z.boolean().optional(),
    oauthClient: z.strictObject({
      application_type: z.literal('web'),
      client_uri: z.string().nullish(),
      logo_uri: z.string().nullish(),
      redirect_uris: uris,
      post_logout_redirect_uris: uris.optional(),
      response_types: z.array(z.enum(['code', 'token', 'id_token'])),
      grant_types: z.array(z.enum(['authorization_code', 'implicit', 'refresh_token', 'client_credentials'])),
      initiate_login_uri: z.url(),
      idp_initiated_login: z.strictObject({
        mode: z.enum(['DISABLED', 'SPEC', 'OKTA']),
        default_scope: z.array(z.string()).optional(),
      }),
      consent_method: z.enum(['TRUSTED', 'REQUIRED']).optional(),
      issuer_mode: z.enum(['ORG_URL', 'CUSTOM_URL', 'DYNAMIC']).optional(),
      wildcard_redirect: z.enum(['DISABLED', 'SUBDOMAIN']).optional(),
    }),
  }),
})

/** What Okta sets, and takes back without looking at it. */
const ReplacedApp = WrittenApp.extend({
  id: z.string(),
  status: z.string(),
  created: z.iso.datetime(),
  lastUpdated: z.iso.datetime(),
  features: z.array(z.string()),
  _links: z.record(z.string(), z.unknown()),
  universalLogout: z.record(z.string(), z.unknown()).optional(),
})

/** What Okta's documentation has of an event hook, for making and for replacing one. */
const WrittenHook = z.strictObject({
  name: z.string().min(1).max(255),
  description: z.string().nullish(),
  events: z.strictObject({
    type: z.literal('EVENT_TYPE'),
    items: z.array(z.string()).min(1),
    filter: z.unknown().optional(),
  }),
  channel: z.strictObject({
    type: z.literal('HTTP'),
    version: z.literal('1.0.0'),
    config: z.strictObject({
      uri: z.url(),
      headers: z.array(z.strictObject({ key: z.string(), value: z.string() })),
      method: z.literal('POST'),
      authScheme: z.strictObject({
        type: z.literal('HEADER'),
        key: z.literal('authorization'),
        value: z.string().regex(/^[\w-]{43}$/),
      }),
    }),
  }),
})

const BODIES: Array<[request: RegExp, z.ZodType]> = [
  [/^POST \/api\/applications$/, NewApplication],
  [/^PATCH \/api\/applications\/[^/]+$/, ChangedApplication],
  [/^POST \/api\/applications\/[^/]+\/secrets$/, logto.ApplicationSecretCreate.strict()],
  [/^POST \/api\/sso-connectors$/, NewConnector],
  [/^PATCH \/api\/sso-connectors\/[^/]+$/, ChangedConnector],
  [/^PATCH \/api\/sign-in-exp$/, SignInExperiencePatch.strict()],
  [/^POST \/api\/hooks$/, NewHook],
  [/^PATCH \/api\/hooks\/[^/]+$/, ChangedHook],
  [/^POST \/api\/resources$/, logto.ResourceCreate.strict()],
  [/^POST \/api\/resources\/[^/]+\/scopes$/, logto.ScopeCreate.strict()],
  [/^POST \/api\/roles$/, logto.RoleCreate.strict()],
  [/^POST \/api\/roles\/[^/]+\/scopes$/, logto.RoleScopesCreate.strict()],
  [/^POST \/api\/organizations$/, organizations.OrganizationCreate.strict()],
  [/^PATCH \/api\/organizations\/[^/]+$/, organizations.OrganizationPatch.strict()],
  [/^POST \/api\/organizations\/[^/]+\/jit\/sso-connectors$/, z.strictObject({ ssoConnectorIds: someIds })],
  [/^POST \/api\/organizations\/[^/]+\/jit\/roles$/, z.strictObject({ organizationRoleIds: someIds })],
  [/^POST \/api\/organization-scopes$/, organizations.OrganizationScopeCreate.strict()],
  [/^POST \/api\/organization-roles$/, organizations.OrganizationRoleCreate.strict()],
  [/^POST \/api\/organization-roles\/[^/]+\/scopes$/, z.strictObject({ organizationScopeIds: someIds })],
  [/^POST \/api\/v1\/apps$/, WrittenApp],
  [/^PUT \/api\/configs\/id-token$/, IdTokenConfig.strict()],
  [/^PUT \/api\/v1\/apps\/[^/]+$/, ReplacedApp],
  [/^POST \/api\/v1\/eventHooks$/, WrittenHook],
  [/^PUT \/api\/v1\/eventHooks\/[^/]+$/, WrittenHook],
  [/^PUT \/api\/v1\/apps\/[^/]+\/groups\/[^/]+$/, z.strictObject({})],
]

/** Requests without a body. */
const LIFECYCLE = /^POST \/api\/v1\/eventHooks\/[^/]+\/lifecycle\/(verify|activate)$/

/**
 * What is wrong with a request to one of the management APIs.
 *
 * @param request method and path
 * @param body as parsed from JSON; undefined where there is none
 */
export function faultsIn(request: string, body: unknown): string[] {
  if (body === undefined && (request.startsWith('GET ') || LIFECYCLE.test(request))) return []
  const [, schema] = BODIES.find(([pattern]) => pattern.test(request)) ?? []
  if (!schema) return [`${request}: nobody expects it`]
  const issues = schema.safeParse(body).error?.issues ?? []
  return issues.map(({ path, message }) => `${request}: ${path.join('.')}: ${message}`)
}
