import { z } from 'zod'
import { APPLICATION_TYPES, GRANT_TYPES, RESPONSE_TYPES, TOKEN_AUTH_METHODS } from '../oauth-words.ts'

const BLANK = 'The field cannot be left blank'

/** Redirect URIs have a scheme and no fragment (RFC 6749 §3.1.2). */
const isAbsolute = (value: string) => URL.canParse(value) && !value.includes('#')
const AbsoluteUri = z.string().refine(isAbsolute, 'The URI must be absolute and have no fragment')

const Credentials = z.looseObject({
  client_id: z
    .string()
    .min(6, 'The field must have at least 6 characters')
    .max(100, 'The field must have at most 100 characters')
    .regex(/^[\w$.+!*'(),-]*$/, "The field may have letters, digits and $-_.+!*'(), only")
    .refine((value) => value !== 'ALL_CLIENTS', 'The value is reserved')
    .exactOptional(),
  client_secret: z
    .string()
    .min(14, 'The field must have at least 14 characters')
    .max(100, 'The field must have at most 100 characters')
    .exactOptional(),
  token_endpoint_auth_method: z.enum(TOKEN_AUTH_METHODS).default('client_secret_basic'),
  pkce_required: z.boolean().exactOptional(),
})

const ClientSettings = z.looseObject({
  application_type: z.enum(APPLICATION_TYPES).default('web'),
  grant_types: z.array(z.enum(GRANT_TYPES)).min(1, BLANK),
  response_types: z.array(z.enum(RESPONSE_TYPES)).default([]),
  redirect_uris: z.array(AbsoluteUri).default([]),
  post_logout_redirect_uris: z.array(AbsoluteUri).default([]),
  initiate_login_uri: z.url({ protocol: /^https?$/ }).exactOptional(),
  idp_initiated_login: z
    .looseObject({
      mode: z.enum(['DISABLED', 'SPEC', 'OKTA']),
      default_scope: z.array(z.string()).default([]),
    })
    .prefault({ mode: 'DISABLED' }),
  consent_method: z.enum(['TRUSTED', 'REQUIRED']).default('TRUSTED'),
  issuer_mode: z.enum(['ORG_URL', 'CUSTOM_URL', 'DYNAMIC']).default('ORG_URL'),
  wildcard_redirect: z.enum(['DISABLED', 'SUBDOMAIN']).default('DISABLED'),
})

/** An OpenID Connect app as the API takes it, with Okta's defaults; what is not named here is kept as it is given. */
const AppBody = z
  .looseObject({
    name: z.literal('oidc_client'),
    label: z.string().trim().min(1, BLANK).max(100, 'The field must have at most 100 characters'),
    signOnMode: z.literal('OPENID_CONNECT'),
    visibility: z
      .looseObject({
        autoLaunch: z.boolean().default(false),
        autoSubmitToolbar: z.boolean().default(false),
        hide: z
          .looseObject({ iOS: z.boolean().default(false), web: z.boolean().default(false) })
          .prefault({}),
      })
      .prefault({}),
    credentials: z.looseObject({ oauthClient: Credentials.prefault({}) }),
    settings: z.looseObject({ oauthClient: ClientSettings }),
  })
  .superRefine(({ credentials, settings }, context) => {
    for (const [field, message] of crossFaults(credentials.oauthClient, settings.oauthClient)) {
      context.addIssue({ code: 'custom', path: [field], message })
    }
  })

export type AppBody = z.output<typeof AppBody>

/** One fault of a body: the field, by its own name, and what is wrong with it. */
type Fault = [field: string, message: string]

/** Rules that hold between the fields. */
function crossFaults(
  credentials: z.output<typeof Credentials>,
  settings: z.output<typeof ClientSettings>,
): Fault[] {
  const { grant_types: grants, redirect_uris: redirects, idp_initiated_login: login } = settings
  const faults: Fault[] = []
  const interactive = grants.includes('authorization_code') || grants.includes('implicit')
  if (interactive && redirects.length === 0) faults.push(['redirect_uris', BLANK])
  if (settings.wildcard_redirect === 'DISABLED' && redirects.some((uri) => uri.includes('*'))) {
    faults.push(['redirect_uris', 'Wildcards are not allowed'])
  }
  if (grants.includes('authorization_code') && !settings.response_types.includes('code')) {
    faults.push(['response_types', "The grant type 'authorization_code' needs the response type 'code'"])
  }
  if (login.mode !== 'DISABLED' && !settings.initiate_login_uri) {
    faults.push(['initiate_login_uri', `The field is required when the mode is '${login.mode}'`])
  }
  if (credentials.token_endpoint_auth_method === 'none' && credentials.pkce_required === false) {
    faults.push(['pkce_required', "The field must be true when the authentication method is 'none'"])
  }
  return faults
}

/** The body with its defaults, or everything that is wrong with it. */
export function parseApp(body: unknown): { app: AppBody } | { faults: Fault[] } {
  const { data, error } = AppBody.safeParse(body, {
    error: ({ input }) => (input === undefined || input === null ? BLANK : undefined),
  })
  if (data) return { app: data }
  return {
    faults: error.issues.map(({ path, message }) => [
      String(path.findLast((part) => typeof part === 'string') ?? 'body'),
      message,
    ]),
  }
}
