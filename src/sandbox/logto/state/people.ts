import type { ProviderStorage } from '../../shared/provider/provider-storage.ts'
import type { Conduct } from '../control/behaviour.ts'
import type { Happenings, WebhookDelivery } from '../control/event-log.ts'
import { deliver } from '../hooks/webhooks.ts'
import type { Tenant, User } from './state.ts'

export interface PeopleParts {
  tenant: Tenant
  storage: ProviderStorage
  conduct: Conduct
  happenings: Happenings
}

/**
 * Suspends a user, or takes that back. A suspended one has no session and no grant left at Logto, so that nothing
 * can be refreshed; no back-channel logout is sent, and the hooks are told.
 *
 * @returns when every hook has answered or had its time; everything else is done at once
 */
export function setSuspended(
  parts: PeopleParts,
  user: User,
  isSuspended: boolean,
): Promise<WebhookDelivery[]> {
  user.isSuspended = isSuspended
  user.updatedAt = Date.now()
  if (isSuspended) parts.storage.endAccount(user.id)
  return deliver(parts, {
    event: 'User.SuspensionStatus.Updated',
    userId: user.id,
    method: 'PATCH',
    subpath: '/is-suspended',
    status: 200,
    data: { ...userInfoOf(user), hasPassword: user.passwordEncrypted !== null },
  })
}

/** Deletes a user; for the rest as if suspended. */
export function deleteUser(parts: PeopleParts, user: User): Promise<WebhookDelivery[]> {
  const { users } = parts.tenant
  users.splice(users.indexOf(user), 1)
  parts.storage.endAccount(user.id)
  return deliver(parts, {
    event: 'User.Deleted',
    userId: user.id,
    method: 'DELETE',
    subpath: '',
    status: 204,
    data: userInfoOf(user),
  })
}

/** What of a user is shown outside: by the Management API and to hooks. */
export function userInfoOf(user: User): Record<string, unknown> {
  const { id, username, primaryEmail, primaryPhone, name, avatar, customData, identities } = user
  const { lastSignInAt, createdAt, updatedAt, profile, applicationId, isSuspended } = user
  return {
    ...{ id, username, primaryEmail, primaryPhone, name, avatar, customData, identities },
    ...{ lastSignInAt, createdAt, updatedAt, profile },
    applicationId,
    isSuspended,
  }
}
