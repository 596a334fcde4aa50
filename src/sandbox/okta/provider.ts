import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose'
import Provider, { type Configuration, errors, interactionPolicy } from 'oidc-provider'
import { sendProviderPage } from '../shared/pages/pages.ts'
import { cookieSuffix } from '../shared/provider/cookie-suffix.ts'
import { fetchLoopback, ownTokensOnly, reportFailures, TTL } from '../shared/provider/provider-defaults.ts'
import { createProviderStorage } from '../shared/provider/provider-storage.ts'
import { keepSessionIds } from '../shared/provider/stable-sessions.ts'
import { secret } from '../shared/random.ts'
import { CLAIMS_BY_SCOPE, claimsOf, OPENID_CLAIMS } from './claims.ts'
import { clientOf } from './clients.ts'
import { NOT_ASSIGNED, refuseUnknownScopes, requirePkce, sendErrorPage, useOktaWords } from './errors.ts'
import type { SigningKey } from './leaving/universal-logout.ts'
import { findPerson, isActivePerson, isAssigned } from './people.ts'
import type { Org } from './state.ts'

const SIGNING = 'RS256'
const SCOPES = ['openid', 'offline_access', ...Object.keys(CLAIMS_BY_SCOPE)]

export interface OktaProvider {
  provider: Provider
  /** What it signs with. */
  key: SigningKey
  /** Ends the sessions of a person, in whatever browser, and what was granted in them. */
  endSessions(personId: string): void
}

/** Okta's org authorization server: its issuer is the org itself, its endpoints are Okta's. */
export async function createOktaProvider(issuer: string, org: Org): Promise<OktaProvider> {
  const storage = createProviderStorage({
    findClient: (id) => clientOf(org, id),
    isActive: (accountId) => isActivePerson(org, accountId),
  })
  const { privateKey } = await generateKeyPair(SIGNING, { extractable: true })
  const jwk = await exportJWK(privateKey)
  const key = { kid: await calculateJwkThumbprint(jwk), alg: SIGNING, privateKey }
  const cookie = { sameSite: 'lax', signed: true, overwrite: true, httpOnly: true } as const
  const suffix = cookieSuffix(issuer)

  const provider: Provider = new Provider(issuer, {
    adapter: storage.adapter,
    jwks: { keys: [{ ...jwk, kid: key.kid, alg: SIGNING, use: 'sig' }] },
    // The short ones get the path of the one page they are for, so tabs never see each other's.
    cookies: {
      names: {
        session: `okta_session${suffix}`,
        interaction: `okta_login${suffix}`,
        resume: `okta_resume${suffix}`,
      },
      keys: [secret(32)],
      long: { ...cookie, path: '/' },
      short: cookie,
    },
    ttl: TTL,
    routes: ROUTES,
    scopes: SCOPES,
    claims: { openid: OPENID_CLAIMS, ...CLAIMS_BY_SCOPE },
    conformIdTokenClaims: false,
    responseTypes: ['code'],
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'none'],
    extraParams: { scope: refuseUnknownScopes(SCOPES), code_challenge: requirePkce(org) },
    allowOmittingSingleRegisteredRedirectUri: false,
    features: features(),
    fetch: fetchLoopback,
    // Required by the app's own setting, with words of its own.
    pkce: { required: () => false },
    // Okta's tokens live their own life: the end of the session does not end them, nor does another tab's grant.
    expiresWithSession: () => false,
    clientBasedCORS: () => false,
    interactions: { policy: policyWithoutConsent(), url: (_ctx, { uid }) => `/login/${uid}` },
    renderError: sendErrorPage,
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
  provider.use(useOktaWords)
  keepSessionIds(provider, storage)
  reportFailures(provider, 'Okta')
  return { provider, key, endSessions: storage.endAccount }
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
      logoutSource: (ctx, form) =>
        sendProviderPage(ctx, 'okta', 'sign-out', { title: 'sign_out.title', form }),
      postLogoutSuccessSource: (ctx) =>
        sendProviderPage(ctx, 'okta', 'message', { title: 'signed_out.title', text: 'signed_out.text' }),
    },
  }
}

/** Okta shows no consent page to a web app of the org's own, whatever `prompt` asks for. */
function policyWithoutConsent() {
  const policy = interactionPolicy.base()
  policy.get('consent')?.checks.clear()
  return policy
}
