import { randomUUID } from 'node:crypto'
import { nameOf } from '../directory.ts'
import type { Flavour } from './flavour.ts'

/** What every path of an application of several tenants begins with. */
const TENANTS = '/organizations'

const ROUTES = {
  authorization: `${TENANTS}/oauth2/v2.0/authorize`,
  token: `${TENANTS}/oauth2/v2.0/token`,
  jwks: `${TENANTS}/discovery/v2.0/keys`,
  end_session: `${TENANTS}/oauth2/v2.0/logout`,
  // At Entra itself that is another host, graph.microsoft.com.
  userinfo: '/oidc/userinfo',
}

/**
 * As Microsoft Entra ID has it, for an application of several tenants: its document names `{tenantid}` in the issuer's
 * place, but that of a tenant the tenant, and each token its own tenant; the address of a person is nobody's proof (`email` without `email_verified`), and
 * `sub` is another for each application, beside `oid`, which is not (learn.microsoft.com, “OpenID Connect on the Microsoft
 * identity platform”, “ID token claims reference”).
 */
export function entra(url: string): Flavour {
  const tid = randomUUID()
  const issuer = `${url}/${tid}/v2.0`
  const documentOf = (name: string) => ({
    issuer: name,
    authorization_endpoint: url + ROUTES.authorization,
    token_endpoint: url + ROUTES.token,
    jwks_uri: url + ROUTES.jwks,
    userinfo_endpoint: url + ROUTES.userinfo,
    end_session_endpoint: url + ROUTES.end_session,
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
  })
  return {
    issuer,
    address: `${url}${TENANTS}/v2.0`,
    documents: {
      [`${TENANTS}/v2.0`]: documentOf(`${url}/{tenantid}/v2.0`),
      [`/${tid}/v2.0`]: documentOf(issuer),
    },
    routes: ROUTES,
    claimsByScope: {
      openid: ['sub', 'oid', 'tid', 'ver'],
      profile: ['name', 'preferred_username', 'given_name', 'family_name'],
      email: ['email'],
    },
    claimsOf(person, use) {
      const { id: sub, objectId, email, givenName, familyName } = person
      const common = { sub, name: nameOf(person), email }
      if (use === 'userinfo') return { ...common, given_name: givenName, family_name: familyName }
      return { ...common, tid, oid: objectId, preferred_username: email, ver: '2.0' }
    },
    namesIssuer: false,
  }
}
