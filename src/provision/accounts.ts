import { comma, joined, type Phrase } from '../words/phrase.ts'
import type { SsoIdentity, User } from './logto/api/answers.ts'
import type { LogtoManagement } from './logto/api/management.ts'
import type { Step } from './plan.ts'
import { phrase } from './problem.ts'

/** Accounts whose identities are looked at, and at once. */
const MOST = 200
const AT_ONCE = 8

/** An account, and who its person is at companies' identity providers. */
export interface Account {
  id: string
  email: string | undefined
  isSuspended: boolean
  identities: readonly SsoIdentity[]
}

/** An account with its identities. */
export async function accountOf(
  logto: Pick<LogtoManagement, 'identities'>,
  { id, primaryEmail, isSuspended }: User,
): Promise<Account> {
  return { id, email: primaryEmail ?? undefined, isSuspended, identities: await logto.identities(id) }
}

/** The accounts whose people signed in last, and who these are at companies. */
export async function latestAccounts(
  logto: Pick<LogtoManagement, 'users' | 'identities'>,
): Promise<Account[]> {
  const users = await logto.users()
  users.sort((one, other) => (other.lastSignInAt ?? 0) - (one.lastSignInAt ?? 0))
  const accounts: Account[] = []
  for (let start = 0; start < Math.min(users.length, MOST); start += AT_ONCE) {
    const some = users.slice(start, start + AT_ONCE).map(async (user) => accountOf(logto, user))
    accounts.push(...(await Promise.all(some)))
  }
  return accounts
}

/** Whether people of several companies sign in as this account: Logto joins whoever comes with its verified email. */
const isShared = ({ identities }: Account) => new Set(identities.map(({ issuer }) => issuer)).size > 1

/** An account in words: whose it is, and who else has come to it. */
export function accountInWords({ id, email, identities }: Account): Phrase {
  const others = identities.map(({ issuer, identityId }) => phrase`${identityId} at ${issuer}`)
  return phrase`${email ?? phrase`no email`} (${id}): ${joined(others, comma)}`
}

/** What to do about one, with Logto's API and console as they are: neither takes a single identity of a company away. */
export const SHARED_FIX = phrase`See to it that the other company’s Okta gives out addresses of its own domains only. Then delete the account (Logto console → User management → the account → Delete): the rightful person signs in anew, and gets a new one.`

/** A step for people to know of; none where there is no such account. */
export async function planSharedAccounts(logto: LogtoManagement): Promise<Step[]> {
  const shared = (await latestAccounts(logto)).filter(isShared)
  if (shared.length === 0) return []
  return [
    {
      resource: phrase`Logto: accounts with identities of several companies, which the app refuses`,
      action: 'leave',
      changes: [],
      notes: [...shared.map(accountInWords), SHARED_FIX],
      async apply() {},
    },
  ]
}
