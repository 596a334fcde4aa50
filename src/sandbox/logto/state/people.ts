import type { ProviderStorage } from '../../shared/provider/provider-storage.ts'
import type { WebhookDelivery } from '../control/event-log.ts'
import { deliver, type HookParts } from '../webhooks.ts'
import type { User } from './state.ts'

export interface PeopleParts extends HookParts {
  storage: ProviderStorage
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
  return deliver(parts, 'User.SuspensionStatus.Updated', user.id, {
    ...callAbout(user, 'PATCH', '/is-suspended', 200),
    data: { ...userInfoOf(user), hasPassword: user.passwordEncrypted !== null },
  })
}

/** Deletes a user; for the rest as if suspended. */
export function deleteUser(parts: PeopleParts, user: User): Promise<WebhookDelivery[]> {
  const { users } = parts.tenant
  users.splice(users.indexOf(user), 1)
  parts.storage.endAccount(user.id)
  return deliver(parts, 'User.Deleted', user.id, {
    ...callAbout(user, 'DELETE', '', 204),
    data: userInfoOf(user),
  })
}

/** What hooks are told of the call of the Management API that did it, or might have. */
const callAbout = ({ id: userId }: User, method: string, subpath: string, status: number) => ({
  userAgent: 'sandbox',
  ip: '127.0.0.1',
  path: `/users/${userId}${subpath}`,
  method,
  status,
  params: { userId },
  matchedRoute: `/users/:userId${subpath}`,
})

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
