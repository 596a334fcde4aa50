import { logtoId } from '../../shared/random.ts'
import type { SsoProfile } from '../connector/attempt.ts'
import type { CompleteConnector } from '../connector/connectors.ts'
import type { Identified } from '../pages/finish-sign-in.ts'
import { joinOrganization, joinThroughConnector } from '../state/organizations.ts'
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
    joinThroughConnector(tenant, joined, connector.id)
    if (connector.syncProfile) syncProfile(joined, profile)
    return { user: joined, change: 'User.Data.Updated' }
  }
  if (tenant.signInExperience.signInMode === 'SignIn') return undefined
  const { name, avatar } = profile
  const user = addUser(tenant, { name, avatar, primaryEmail: email, ssoIdentities: [newIdentity] })
  giveByHand(tenant, user)
  joinThroughConnector(tenant, user, connector.id)
  return { user, change: 'User.Created' }
}

/** Gives a newcomer from a company what somebody at the tenant gives to all of them. */
function giveByHand({ givenByHand, roles }: Tenant, user: User): void {
  const domain = user.primaryEmail?.slice(user.primaryEmail.lastIndexOf('@') + 1).toLowerCase() ?? ''
  const given = givenByHand[domain]
  if (!given) return
  const there = roles.map(({ name }) => name).filter((name) => given.roles.includes(name))
  user.roles = [...new Set([...user.roles, ...there])]
  for (const { id, roleIds } of given.organizations) joinOrganization(user, id, roleIds)
}

/** What the identity provider does not tell stays as it was. */
function syncProfile(user: User, { name, avatar }: SsoProfile): void {
  user.name = name ?? user.name
  user.avatar = avatar ?? user.avatar
}
