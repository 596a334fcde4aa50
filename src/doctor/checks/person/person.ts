import { accountOf } from '../../../provision/accounts.ts'
import type { OktaUser } from '../../../provision/okta/answers.ts'
import { readEmail } from '../../../settings/values/email-domain.ts'
import { visibleIn } from '../../../settings/visible.ts'
import type { Examination } from '../../examination.ts'
import { phrase } from '../../phrase.ts'
import { factsIfAny, lastAccounts, type Management } from '../../steps/management.ts'
import { type NoOkta, readAtOkta } from '../okta/okta-api.ts'

/** The address that `--email` names, and its domain. */
export const emailOf = (on: Examination) => readEmail(on.email ?? '')

/** Whether two addresses are one; Logto and Okta mind no case. */
export const isSame = (one: string | null | undefined, other: string) =>
  one?.toLowerCase() === other.toLowerCase()

/** The company that SSO_CONNECTORS has for the address, where it has one. */
export const companyOf = (on: Examination) =>
  on.config.connectors.find(({ domains }) => domains.includes(emailOf(on).domain))

/** Who has the address at Okta: the one whose login it is, else the first one. */
export interface AtOkta {
  person: OktaUser | undefined
  others: OktaUser[]
}

export const personAtOkta = (on: Examination) =>
  on.once(personAtOkta, () =>
    readAtOkta(on, async (okta, company): Promise<AtOkta | NoOkta> => {
      const theirs = companyOf(on)
      if (theirs?.id !== company.id)
        return {
          absent: phrase`OKTA_API_TOKEN is for “${company.name}”, and this person is of “${theirs?.name}”`,
        }
      const { address } = emailOf(on)
      const people = await okta.peopleWith(address)
      const person = people.find(({ profile }) => isSame(profile.login, address)) ?? people[0]
      return { person, others: people.filter((each) => each !== person) }
    }),
  )

/** The person's page at Okta. */
export const personPage = (name: string) => phrase`Okta Admin Console → Directory → People → ${name}`

/** The account's page at Logto. */
export const accountPage = (id: string) => phrase`Logto console → User management → ${id}`

/** The account at Logto that has the address, with its identities. @throws whatever the client raises */
export const accountWithEmail = (on: Examination, api: Management) =>
  on.once(accountWithEmail, async () => {
    const user = await api.userWithEmail(emailOf(on).address)
    return user && visibleIn(await accountOf(api, user))
  })

/**
 * The account that has the person's identity at the company, which Logto looks for before it looks for the email. By
 * the person's ID where Okta tells it, else by the email that the company last gave.
 */
export const accountWithIdentity = (on: Examination, api: Management) =>
  on.once(accountWithIdentity, async () => {
    const { address, domain } = emailOf(on)
    const connectors = (await factsIfAny(on))?.connectors ?? []
    const connector = companyOf(on) ?? connectors.find(({ domains }) => domains.includes(domain))
    const atOkta = await personAtOkta(on)
    const id = 'person' in atOkta ? atOkta.person?.id : undefined
    const own = await accountWithEmail(on, api)
    const accounts = [...(own ? [own] : []), ...(await lastAccounts(on, api))]
    const owner = accounts.find(({ identities }) =>
      identities.some(
        ({ ssoConnectorId, identityId, detail }) =>
          ssoConnectorId === connector?.id && (id ? identityId === id : isSame(detail.email, address)),
      ),
    )
    return { owner, id, connectorId: connector?.id }
  })
