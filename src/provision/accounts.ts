import type { SsoIdentity } from './logto/api/answers.ts'
import type { LogtoManagement } from './logto/api/management.ts'
import type { Step } from './plan.ts'

/** Accounts whose identities are looked at, and at once. */
const MOST = 200
const AT_ONCE = 8

/** An account that people of several companies sign in as. */
export interface SharedAccount {
  id: string
  email: string | undefined
  identities: readonly SsoIdentity[]
}

/**
 * Looks for accounts with identities of several companies: Logto joins whoever comes with the verified email of an
 * account to it, whatever domains their connector has. Looked at are those who signed in last.
 *
 * @returns the accounts, and how many were looked at
 */
export async function sharedAccounts(
  logto: LogtoManagement,
): Promise<{ shared: SharedAccount[]; looked: number }> {
  const users = await logto.users()
  users.sort((one, other) => (other.lastSignInAt ?? 0) - (one.lastSignInAt ?? 0))
  const latest = users.slice(0, MOST)
  const shared: SharedAccount[] = []
  for (let start = 0; start < latest.length; start += AT_ONCE) {
    const some = latest.slice(start, start + AT_ONCE).map(async ({ id, primaryEmail }) => ({
      id,
      email: primaryEmail ?? undefined,
      identities: await logto.identities(id),
    }))
    const accounts = await Promise.all(some)
    shared.push(
      ...accounts.filter(({ identities }) => new Set(identities.map(({ issuer }) => issuer)).size > 1),
    )
  }
  return { shared, looked: latest.length }
}

/** An account in words: whose it is, and who else has come to it. */
export const inWords = ({ id, email = 'no email', identities }: SharedAccount): string =>
  `${email} (${id}): ${identities.map(({ issuer, identityId }) => `${identityId} at ${issuer}`).join(', ')}`

/** What to do about one, with Logto's API and console as they are: neither takes a single identity of a company away. */
export const SHARED_FIX =
  'See to it that the other company’s Okta gives out addresses of its own domains only. Then delete the account (Logto console → User management → the account → Delete): the rightful person signs in anew, and gets a new one.'

/** A step for people to know of; none where there is no such account. */
export async function planSharedAccounts(logto: LogtoManagement): Promise<Step[]> {
  const { shared } = await sharedAccounts(logto)
  if (shared.length === 0) return []
  return [
    {
      resource: 'Logto: accounts with identities of several companies, which the app refuses',
      action: 'leave',
      changes: [],
      notes: [...shared.map(inWords), SHARED_FIX],
      async apply() {},
    },
  ]
}
