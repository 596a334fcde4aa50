import { exportJWK, generateKeyPair } from 'jose'
import Provider, {
  type Configuration,
  errors,
  interactionPolicy,
  type KoaContextWithOIDC,
} from 'oidc-provider'
import { drawPage, setPageHeaders } from '../shared/pages.ts'
import { fetchLoopback, ownTokensOnly, reportFailures, TTL } from '../shared/provider-defaults.ts'
import { createProviderStorage } from '../shared/provider-storage.ts'
import { secret } from '../shared/random.ts'
import { keepSessionIds } from '../shared/stable-sessions.ts'
import { CLAIMS_BY_SCOPE, claimsOf } from './claims.ts'
import { clientOf } from './clients.ts'
import { findPerson, isActivePerson, isAssigned } from './people.ts'
import type { Org } from './state.ts'

const SIGNING = 'RS256'

/** What Okta says, at the redirect URI, of a person who has the right password and no right to the app. */
export const NOT_ASSIGNED = 'User is not assigned to the client application.'

/** Okta's org authorization server: its issuer is the org itself, its endpoints are Okta's. */
export async function createOktaProvider(issuer: string, org: Org): Promise<Provider> {
  const storage = createProviderStorage({
    findClient: (id) => clientOf(org, id),
    isActive: (accountId) => isActivePerson(org, accountId),
  })
  const { privateKey } = await generateKeyPair(SIGNING, { extractable: true })
  const cookie = { sameSite: 'lax', signed: true, overwrite: true, httpOnly: true } as const

  const provider: Provider = new Provider(issuer, {
    adapter: storage.adapter,
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: SIGNING, use: 'sig' }] },
    // The short ones get the path of the one page they are for, so tabs never see each other's.
    cookies: {
      names: { session: 'okta_session', interaction: 'okta_login', resume: 'okta_resume' },
      keys: [secret(32)],
      long: { ...cookie, path: '/' },
      short: cookie,
    },
    ttl: TTL,
    routes: ROUTES,
    scopes: ['openid', 'offline_access', ...Object.keys(CLAIMS_BY_SCOPE)],
    claims: { openid: ['sub'], ...CLAIMS_BY_SCOPE, sid: null, auth_time: null, iss: null },
    conformIdTokenClaims: false,
    responseTypes: ['code'],
    clientAuthMethods: ['client_secret_basic', 'client_secret_post'],
    extraParams: ['sessionToken', 'idp'],
    features: features(),
    fetch: fetchLoopback,
    pkce: { required: () => false },
    // Okta's tokens live their own life: the end of the session does not end them, nor does another tab's grant.
    expiresWithSession: () => false,
    clientBasedCORS: () => false,
    interactions: { policy: policyWithoutConsent(), url: (_ctx, { uid }) => `/login/${uid}` },
    renderError: (ctx, out) => sendErrorPage(ctx, out),
    async loadExistingGrant(ctx) {
      const { client, session, params } = ctx.oidc
      const accountId = session?.accountId
      if (!client || !accountId) return undefined
      if (!isAssigned(org, client.clientId, accountId)) throw new errors.AccessDenied(NOT_ASSIGNED)
      const grant = new provider.Grant({ clientId: client.clientId, accountId })
      grant.addOIDCScope(String(params?.scope ?? ''))
      await grant.save()
      return grant
    },
    findAccount(_ctx, id) {
      const person = findPerson(org, id)
      if (person?.status !== 'ACTIVE') return undefined
      return { accountId: id, claims: (use) => claimsOf(org, person, use) }
    },
  })
  keepSessionIds(provider, storage)
  reportFailures(provider, 'Okta')
  return provider
}

const ROUTES = {
  authorization: '/oauth2/v1/authorize',
  token: '/oauth2/v1/token',
  userinfo: '/oauth2/v1/userinfo',
  jwks: '/oauth2/v1/keys',
  end_session: '/oauth2/v1/logout',
  introspection: '/oauth2/v1/introspect',
  revocation: '/oauth2/v1/revoke',
  pushed_authorization_request: '/oauth2/v1/par',
}

function features(): NonNullable<Configuration['features']> {
  return {
    devInteractions: { enabled: false },
    dPoP: { enabled: false },
    resourceIndicators: { enabled: false },
    introspection: { enabled: true, allowedPolicy: ownTokensOnly },
    revocation: { enabled: true, allowedPolicy: ownTokensOnly },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => sendOktaPage(ctx, 'sign-out', { title: 'Signing out', form }),
      postLogoutSuccessSource: (ctx) => sendOktaPage(ctx, 'signed-out', { title: 'Signed out' }),
    },
  }
}

/** Okta shows no consent page to a web app of the org's own, whatever `prompt` asks for. */
function policyWithoutConsent() {
  const policy = interactionPolicy.base()
  policy.get('consent')?.checks.clear()
  return policy
}

async function sendErrorPage(
  ctx: KoaContextWithOIDC,
  out: { error: string; error_description?: string | undefined },
) {
  const code = out.error === 'invalid_redirect_uri' ? 'invalid_request' : out.error
  const summary = SUMMARIES[out.error] ?? out.error_description ?? 'The request is not valid.'
  if (ctx.accepts('html', 'json') === 'html') {
    return sendOktaPage(ctx, 'error', {
      title: `${ctx.status} Bad Request`,
      status: ctx.status,
      code,
      summary,
    })
  }
  ctx.body = { errorCode: code, errorSummary: summary, error: code, error_description: summary }
}

/** Okta's own sentences for what it tells on its page rather than at the redirect URI. */
const SUMMARIES: Record<string, string> = {
  invalid_client: "Invalid value for 'client_id' parameter.",
  invalid_redirect_uri:
    "The 'redirect_uri' parameter must be a Login redirect URI in the client app settings.",
}

async function sendOktaPage(
  ctx: KoaContextWithOIDC,
  view: string,
  locals: { title: string } & Record<string, unknown>,
): Promise<void> {
  const { html, nonce } = await drawPage('okta', view, locals)
  setPageHeaders(ctx.res, nonce)
  ctx.type = 'html'
  ctx.body = html
}
