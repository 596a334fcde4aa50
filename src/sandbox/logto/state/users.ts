import { hashPassword, passwordMatches } from '../../shared/password.ts'
import { logtoId } from '../../shared/random.ts'
import type { Tenant, User } from './state.ts'

/** Logto's own rule for usernames: letters, digits and underscores, not beginning with a digit. */
const USERNAME = /^[A-Z_a-z]\w{0,127}$/
const SHORTEST_PASSWORD = 8

export function findUser(tenant: Tenant, id: string): User | undefined {
  return tenant.users.find((user) => user.id === id)
}

/** Whether the person may be signed in at all. */
export function isActiveUser(tenant: Tenant, id: string): boolean {
  const user = findUser(tenant, id)
  return user !== undefined && !user.isSuspended
}

/** What a person is called where several are listed. */
export const nameOf = (user: User | undefined): string =>
  user ? (user.primaryEmail ?? user.username ?? user.name ?? user.id) : '?'

/** Adds a user with everything empty but what is given. */
export function addUser(tenant: Tenant, given: Partial<User>): User {
  const now = Date.now()
  const user: User = {
    id: logtoId(),
    username: null,
    primaryEmail: null,
    primaryPhone: null,
    name: null,
    avatar: null,
    customData: {},
    identities: {},
    profile: {},
    ssoIdentities: [],
    roles: tenant.roles.filter(({ type, isDefault }) => type === 'User' && isDefault).map(({ name }) => name),
    organizations: [],
    passwordEncrypted: null,
    applicationId: null,
    isSuspended: false,
    lastSignInAt: null,
    createdAt: now,
    updatedAt: now,
    ...given,
  }
  tenant.users.push(user)
  return user
}

/** Records a sign-in; Logto's `updated_at` claim moves with it. */
export function touchSignIn(user: User): void {
  user.lastSignInAt = Date.now()
  user.updatedAt = user.lastSignInAt
}

/** The local account behind a username and password, or nothing, without telling which of the two was wrong. */
export async function checkPassword(
  tenant: Tenant,
  username: string,
  password: string,
): Promise<User | undefined> {
  const user = tenant.users.find((candidate) => candidate.username === username)
  return (await passwordMatches(password, user?.passwordEncrypted)) ? user : undefined
}

/** Makes a local account. Gives the user, or the key of what a person reads when it cannot be made. */
export async function register(
  tenant: Tenant,
  username: string,
  password: string,
): Promise<{ user: User } | { problem: string }> {
  if (!USERNAME.test(username)) {
    return {
      problem: 'register.username',
    }
  }
  if (password.length < SHORTEST_PASSWORD) {
    return { problem: 'register.short' }
  }
  const passwordEncrypted = await hashPassword(password)
  if (tenant.users.some((user) => user.username === username)) {
    return { problem: 'register.taken' }
  }
  return { user: addUser(tenant, { username, passwordEncrypted }) }
}
