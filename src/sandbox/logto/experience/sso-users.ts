import { logtoId } from '../../shared/random.ts'
import type { SsoProfile } from '../connector/connector-client.ts'
import type { CompleteConnector } from '../connector/connectors.ts'
import type { Identified } from '../pages/finish-sign-in.ts'
import type { SsoIdentity, Tenant, User } from '../state/state.ts'
import { addUser } from '../state/users.ts'

/**
 * The user behind an enterprise identity; nothing for a newcomer where the tenant makes no new accounts.
 *
 * An identity that is not known yet is joined to the account that has its verified email, as at Logto, whatever
 * connector vouches for it: whose identity provider may assert an address is for the tenant to know. (An app does
 * better to go by issuer and subject: OpenID Connect Core §5.7.)
 */
export function userOfIdentity(
  tenant: Tenant,
  connector: CompleteConnector,
  profile: SsoProfile,
): Identified | undefined {
  const { issuer, identityId, detail, email } = profile
  const sameIdentity = (identity: { issuer: string; identityId: string }) =>
    identity.issuer === issuer && identity.identityId === identityId
  const now = Date.now()
  const newIdentity: SsoIdentity = {
    id: logtoId(21),
    ssoConnectorId: connector.id,
    issuer,
    identityId,
    detail,
    createdAt: now,
    updatedAt: now,
  }

  const known = tenant.users.find((user) => user.ssoIdentities.some(sameIdentity))
  if (known) {
    for (const identity of known.ssoIdentities.filter(sameIdentity)) {
      Object.assign(identity, { detail, updatedAt: now })
    }
    if (connector.syncProfile) syncProfile(known, profile)
    return { user: known, change: 'User.Data.Updated' }
  }
  const joined = email === null ? undefined : tenant.users.find((user) => user.primaryEmail === email)
  if (joined) {
    joined.ssoIdentities.push(newIdentity)
    if (connector.syncProfile) syncProfile(joined, profile)
    return { user: joined, change: 'User.Data.Updated' }
  }
  if (tenant.signInExperience.signInMode === 'SignIn') return undefined
  const { name, avatar } = profile
  const user = addUser(tenant, { name, avatar, primaryEmail: email, ssoIdentities: [newIdentity] })
  join(tenant, user)
  return { user, change: 'User.Created' }
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
