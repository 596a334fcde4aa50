import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose'
import Provider, { errors } from 'oidc-provider'
import { companyDefaults, grantAtOnce } from '../shared/provider/company-defaults.ts'
import { reportFailures } from '../shared/provider/provider-defaults.ts'
import { createProviderStorage } from '../shared/provider/provider-storage.ts'
import { keepSessionIds } from '../shared/provider/stable-sessions.ts'
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

  const provider = new Provider(issuer, {
    ...companyDefaults('okta', issuer),
    adapter: storage.adapter,
    jwks: { keys: [{ ...jwk, kid: key.kid, alg: SIGNING, use: 'sig' }] },
    routes: ROUTES,
    scopes: SCOPES,
    claims: { openid: OPENID_CLAIMS, ...CLAIMS_BY_SCOPE },
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'none'],
    // PKCE is required by the app's own setting, with words of its own.
    extraParams: { scope: refuseUnknownScopes(SCOPES), code_challenge: requirePkce(org) },
    renderError: sendErrorPage,
    loadExistingGrant(ctx) {
      const { client, session } = ctx.oidc
      const isAllowed = !client || !session?.accountId || isAssigned(org, client.clientId, session.accountId)
      if (!isAllowed) throw new errors.AccessDenied(NOT_ASSIGNED)
      return grantAtOnce(ctx)
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
