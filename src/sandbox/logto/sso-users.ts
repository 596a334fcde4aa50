import type { SsoProfile } from './connector-client.ts'
import type { CompleteConnector } from './connectors.ts'
import type { Tenant, User } from './state.ts'
import { addUser } from './users.ts'

/**
 * The user behind an enterprise identity, made on first sight.
 *
 * A person is an issuer and a subject, never an email: addresses are reassigned, subjects are not (OpenID Connect Core
 * §5.7). An address another user has already stays with that user. (Logto itself goes further: an identity with the
 * verified email of an existing user is linked to that user.)
 */
export function userOfIdentity(tenant: Tenant, connector: CompleteConnector, profile: SsoProfile): User {
  const { issuer, identityId, detail } = profile
  const sameIdentity = (identity: { issuer: string; identityId: string }) =>
    identity.issuer === issuer && identity.identityId === identityId
  const known = tenant.users.find((user) => user.ssoIdentities.some(sameIdentity))
  if (known) {
    for (const identity of known.ssoIdentities.filter(sameIdentity)) identity.detail = detail
    if (connector.syncProfile) syncProfile(known, profile)
    return known
  }
  const taken = tenant.users.some((user) => user.primaryEmail === profile.email)
  const user = addUser(tenant, {
    name: profile.name,
    avatar: profile.avatar,
    primaryEmail: taken ? null : profile.email,
    ssoIdentities: [{ ssoConnectorId: connector.id, issuer, identityId, detail }],
  })
  join(tenant, user)
  return user
}

/** Gives a newcomer from a company what they get without anybody's doing. */
function join(tenant: Tenant, user: User): void {
  const domain = user.primaryEmail?.slice(user.primaryEmail.lastIndexOf('@') + 1).toLowerCase() ?? ''
  const theirs = tenant.rolesByDomain[domain] ?? []
  const there = tenant.roles.map(({ name }) => name).filter((name) => theirs.includes(name))
  user.roles = [...new Set([...user.roles, ...there])]
  user.organizations = tenant.organizations
    .filter(({ jit }) => jit.domains.includes(domain))
    .map(({ id, name, description, jit }) => ({ id, name, description, roles: [...jit.roles] }))
}

/** What the identity provider does not tell stays as it was. */
function syncProfile(user: User, { name, avatar }: SsoProfile): void {
  user.name = name ?? user.name
  user.avatar = avatar ?? user.avatar
}
