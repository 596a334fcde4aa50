import type { Language } from '../words/languages.ts'
import type { OktaGroup, OktaUser, Org } from './okta/state.ts'
import { words } from './shared/pages/page-words.ts'
import { hashPassword } from './shared/password.ts'
import { oktaId } from './shared/random.ts'

/** The company of the sandbox and its people: one who may sign in, one who may not, and one who has left. */
export const DOMAIN = 'acme.example'

/** The ID of its organization at Logto. */
export const ORGANIZATION = 'acme'

/** What the app is called in both tenants. */
export const APP_NAME = 'Express app'

/** What the app is called as an API. */
export const NOTES_API = `https://notes.${DOMAIN}`

/** Somebody in a directory, before Okta has given them an ID. */
interface Person {
  email: string
  firstName: string
  lastName: string
  status: OktaUser['status']
}

const PEOPLE: readonly Person[] = [
  {
    email: `employee@${DOMAIN}`,
    firstName: 'Erin',
    lastName: 'Moore',
    status: 'ACTIVE',
  },
  {
    email: `contractor@${DOMAIN}`,
    firstName: 'Casey',
    lastName: 'Tran',
    status: 'ACTIVE',
  },
  {
    email: `former@${DOMAIN}`,
    firstName: 'Frances',
    lastName: 'Okoro',
    status: 'DEPROVISIONED',
  },
]

/** An account in Okta's directory. */
export interface Account {
  email: string
  /** What happens when it signs in. */
  shows: Readonly<Record<Language, string>>
}

export const ACCOUNTS: readonly Account[] = PEOPLE.map(({ email }) => {
  const key = `accounts.${email.split('@')[0]}`
  return { email, shows: { en: words.en(key), ja: words.ja(key) } }
})

/** The group that the app is for: of the people above, only the first is in it. */
export const GROUP = 'Staff'

/**
 * Fills a blank org's directory: the people, one password for all, Okta's own group of everyone, and one of the company's.
 *
 * @param people of the company; the first is in its group
 */
export async function fillDirectory(
  org: Org,
  password: string,
  people: readonly Person[] = PEOPLE,
): Promise<void> {
  const now = new Date().toISOString()
  const users = await Promise.all(
    people.map(
      async ({ email, firstName, lastName, status }): Promise<OktaUser> => ({
        id: oktaId('00u'),
        status,
        created: now,
        lastUpdated: now,
        profile: {
          login: email,
          email,
          firstName,
          lastName,
          displayName: `${firstName} ${lastName}`,
          locale: 'en-US',
          timeZone: 'America/Los_Angeles',
        },
        passwordHash: await hashPassword(password),
        emailVerified: true,
      }),
    ),
  )
  const addGroup = (type: OktaGroup['type'], name: string, description: string, members: OktaUser[]) =>
    org.groups.push({
      id: oktaId('00g'),
      type,
      created: now,
      lastUpdated: now,
      profile: { name, description },
      memberIds: new Set(members.map(({ id }) => id)),
    })
  org.users.push(...users)
  addGroup('BUILT_IN', 'Everyone', 'All users in your organization', users)
  addGroup('OKTA_GROUP', GROUP, 'Who works at the company', users.slice(0, 1))
}
