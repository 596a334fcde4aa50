import Provider, { type Configuration, errors, type KoaContextWithOIDC } from 'oidc-provider'
import { sendProviderPage } from '../../shared/pages/pages.ts'
import { cookieSuffix } from '../../shared/provider/cookie-suffix.ts'
import { DAY, ownTokensOnly, reportFailures, TTL } from '../../shared/provider/provider-defaults.ts'
import type { ProviderStorage } from '../../shared/provider/provider-storage.ts'
import { recordedFetch } from '../../shared/provider/recorded-fetch.ts'
import { keepSessionIds } from '../../shared/provider/stable-sessions.ts'
import type { Behaviour } from '../control/behaviour.ts'
import { tellLogtosTime } from '../control/clock.ts'
import type { EventLog } from '../control/event-log.ts'
import { EXTRA_PARAMS, interactionUrl } from '../pages/interaction-url.ts'
import { findApplication } from '../state/applications.ts'
import { EXTENDED_CLAIMS, type Tenant } from '../state/state.ts'
import { findUser } from '../state/users.ts'
import { CLAIMS_BY_SCOPE, claimsOf } from './claims.ts'
import { compareWholeAddresses } from './client-addresses.ts'
import { acceptEverySecret } from './client-secrets.ts'
import { addLogtoCode } from './error-body.ts'
import { organizationAsked, requireMembership } from './organization-tokens.ts'
import { organizationClaim, resourceOfRequest, resourceServerOf } from './resources.ts'
import { type SigningKey, signingKeyOf } from './signing-keys.ts'
import { misbehaveWithTokens } from './token-endpoint.ts'

export interface ProviderParts {
  endpoint: string
  tenant: Tenant
  storage: ProviderStorage
  behaviour: Behaviour
  eventLog: EventLog
  /** The first signs; all of them are published. */
  keys: readonly SigningKey[]
  /** Signs the cookies. */
  cookieKey: string
}

/** Logto's OpenID provider: the library Logto is built on, set up as Logto sets it up. */
export function createLogtoProvider(parts: ProviderParts): Provider {
  const { endpoint, tenant, storage, behaviour, eventLog, keys, cookieKey } = parts
  const { alg } = signingKeyOf(keys)
  const cookie = { sameSite: 'lax', path: '/', signed: true, overwrite: true, httpOnly: true } as const
  const suffix = cookieSuffix(endpoint)

  const provider = new Provider(`${endpoint}/oidc`, {
    adapter: storage.adapter,
    jwks: { keys: keys.map(({ jwk }) => jwk) },
    cookies: {
      names: {
        session: `_session${suffix}`,
        interaction: `_interaction${suffix}`,
        resume: `_interaction_resume${suffix}`,
      },
      keys: [cookieKey],
      long: cookie,
      short: cookie,
    },
    ttl: { ...TTL, AccessToken: () => behaviour.accessTokenTtl, ...lifetimesByApplication(tenant) },
    scopes: ['openid', 'offline_access', ...Object.keys(CLAIMS_BY_SCOPE), ...LISTED_SCOPES],
    claims: CLAIMS_BY_SCOPE,
    conformIdTokenClaims: false,
    clientDefaults: { id_token_signed_response_alg: alg },
    enabledJWA: { idTokenSigningAlgValues: [...SUPPORTED_ALGORITHMS] },
    extraParams: [...EXTRA_PARAMS],
    extraTokenClaims: organizationClaim,
    features: features(tenant, behaviour, alg),
    fetch: recordedFetch(eventLog.callLog),
    // Even of one that is registered alone (RFC 6749 §4.1.3).
    allowOmittingSingleRegisteredRedirectUri: false,
    pkce: { required: (_ctx, client) => client.clientAuthMethod !== 'client_secret_basic' },
    clientBasedCORS: (_ctx, origin, client) => isKnownOrigin(tenant, client.clientId, origin),
    issueRefreshToken: (_ctx, client, code) =>
      client.grantTypeAllowed('refresh_token') &&
      (code.scopes.has('offline_access') ||
        Boolean(findApplication(tenant, client.clientId)?.customClientMetadata.alwaysIssueRefreshToken)),
    rotateRefreshToken: (ctx) => behaviour.alwaysRotates || rotatesNow(ctx, tenant),
    // Logto ends every token of the grant, whichever of them was revoked (RFC 7009 §2.1 allows it).
    revokeGrantPolicy: () => true,
    renderError(ctx, out) {
      ctx.body = out
    },
    interactions: { url: (_ctx, interaction) => interactionUrl(interaction.prompt.name, interaction) },
    findAccount(ctx, id) {
      if (behaviour.refusesRefresh && ctx.oidc.params?.grant_type === 'refresh_token') {
        throw new errors.InvalidGrant('the sandbox was told to refuse')
      }
      const user = findUser(tenant, id)
      if (!user || user.isSuspended) {
        // Their access tokens are gone at Logto: to userinfo, one of them is no token at all (RFC 6750 §3.1).
        if (ctx.oidc.route === 'userinfo') return undefined
        throw new errors.InvalidGrant('user not found')
      }
      requireMembership(ctx, user)
      return {
        accountId: id,
        claims: (use, scope) =>
          claimsOf(
            tenant,
            user,
            scope,
            use === 'userinfo' ? EXTENDED_CLAIMS : tenant.idToken.enabledExtendedClaims,
          ),
      }
    },
  })
  // Listed in discovery as Logto lists it; no application of the sandbox is allowed to use it.
  provider.registerGrantType('urn:ietf:params:oauth:grant-type:token-exchange', () => {
    throw new errors.InvalidGrant('token exchange is not part of the sandbox')
  })
  provider.use(misbehaveWithTokens(behaviour, eventLog))
  provider.use(addLogtoCode)
  tellLogtosTime(provider, behaviour, keys)
  keepSessionIds(provider, storage)
  acceptEverySecret(provider, tenant)
  compareWholeAddresses(provider)
  reportFailures(provider, 'Logto')
  return provider
}

const LISTED_SCOPES = ['urn:logto:scope:sessions']

/** Discovery lists those of them that a published key is for. */
const SUPPORTED_ALGORITHMS = ['RS256', 'PS256', 'ES256', 'ES384', 'ES512'] as const

function features(
  tenant: Tenant,
  behaviour: Behaviour,
  alg: SigningKey['alg'],
): NonNullable<Configuration['features']> {
  return {
    devInteractions: { enabled: false },
    dPoP: { enabled: false },
    backchannelLogout: { enabled: true },
    clientCredentials: { enabled: true },
    introspection: { enabled: true, allowedPolicy: ownTokensOnly },
    revocation: { enabled: true, allowedPolicy: ownTokensOnly },
    resourceIndicators: {
      enabled: true,
      useGrantedResource: (ctx) => organizationAsked(ctx) !== undefined,
      defaultResource: resourceOfRequest,
      getResourceServerInfo: (ctx, resource, client) =>
        resourceServerOf({ tenant, behaviour, alg, ctx, resource, clientId: client.clientId }),
    },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) =>
        sendProviderPage(ctx, 'logto', 'sign-out', { title: 'sign_out.title', form }),
      postLogoutSuccessSource: (ctx) =>
        sendProviderPage(ctx, 'logto', 'message', { title: 'signed_out.title', text: 'signed_out.text' }),
    },
    // In discovery, as at Logto; no application of the sandbox may begin it, so each of its pages says the same.
    deviceFlow: {
      enabled: true,
      userCodeInputSource: sendNoDevices,
      userCodeConfirmSource: sendNoDevices,
      successSource: sendNoDevices,
    },
  }
}

const sendNoDevices = (ctx: KoaContextWithOIDC) =>
  sendProviderPage(ctx, 'logto', 'message', {
    title: 'no_devices.title',
    text: 'no_devices.text',
  })

function lifetimesByApplication(tenant: Tenant): NonNullable<Configuration['ttl']> {
  const settings = (clientId: string) => findApplication(tenant, clientId)?.customClientMetadata
  return {
    IdToken: (_ctx, _token, client) => settings(client.clientId)?.idTokenTtl ?? TTL.IdToken,
    RefreshToken(_ctx, _token, client) {
      const days = settings(client.clientId)?.refreshTokenTtlInDays
      return days === undefined ? TTL.RefreshToken : days * DAY
    },
  }
}

/** Early in its life a refresh token comes back as it was; past 70 % of it, and for public clients always, a new one does. */
function rotatesNow(ctx: KoaContextWithOIDC, tenant: Tenant): boolean {
  const { RefreshToken: token, Client: client } = ctx.oidc.entities
  if (!token || !client) return false
  if (findApplication(tenant, client.clientId)?.customClientMetadata.rotateRefreshToken === false)
    return false
  return client.clientAuthMethod === 'none' || token.ttlPercentagePassed() >= 70
}

function isKnownOrigin(tenant: Tenant, clientId: string, origin: string): boolean {
  const application = findApplication(tenant, clientId)
  const listed = application?.customClientMetadata.corsAllowedOrigins ?? []
  const redirects = application?.oidcClientMetadata.redirectUris ?? []
  return listed.includes(origin) || redirects.some((uri) => new URL(uri).origin === origin)
}
