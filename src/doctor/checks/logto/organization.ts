import type { Account } from '../../../provision/accounts.ts'
import { ProvisionError } from '../../../provision/problem.ts'
import { commandLine, shellWord } from '../../../settings/command-line.ts'
import type { EnterpriseConnector } from '../../../settings/companies/connector.ts'
import { comma, joined, type Phrase } from '../../../words/phrase.ts'
import { type Check, type Finding, notTried } from '../../check.ts'
import type { Examination } from '../../examination.ts'
import { phrase } from '../../phrase.ts'
import { behindManagement, lastAccounts, type Management, management } from '../../steps/management.ts'
import { accountWithEmail, emailOf, isSame } from '../person/person.ts'

/** Companies that are looked at, and people, where no address chooses one. */
const most = 20

/**
 * Whether somebody of a company who signs in for the first time is a member of its organization when they arrive, and
 * whether those are who have signed in.
 */
export const organization: Check = {
  id: 'organization',
  title: phrase`The organization of a company’s people`,
  needs: ['management'],
  async examine(on) {
    const tried = phrase`read through which connectors people join, in which roles, and who is a member, by the Management API`
    const domain = on.email && emailOf(on).domain
    const companies = on.config.connectors
      .filter((company): company is Company => company.organizationId !== undefined)
      .filter(({ domains }) => !domain || domains.includes(domain))
      .slice(0, most)
    if (companies.length === 0) return notTried(tried, phrase`no company here has an organization`)
    const api = await management(on)
    if ('absent' in api) return notTried(tried, behindManagement)

    const joins = await Promise.all(
      companies.map(({ id, organizationId }) => isJoined(api, organizationId, id)),
    )
    const joinable = companies.filter((_, at) => joins[at])
    const faults: Fault[] = companies.filter((_, at) => !joins[at]).map(nobodyJoins)
    faults.push(...(await lackingRoles(on, api, joinable)))
    const people = (await peopleOf(on, api, joinable)).slice(0, most)
    const memberships = await Promise.all(people.map(({ account }) => api.organizationsOf(account.id)))
    const strangers = people.filter(({ company }, at) => !memberships[at]?.includes(company.organizationId))
    // Whoever asks for one person wants to know why that one is refused. Of others, somebody may have taken them out.
    faults.push(...strangers.map((person) => noMember(person, on.email ? 'broken' : 'warning')))

    const answer = joined(
      [
        phrase`${companies.length} looked at, ${companies.length - joinable.length} that nobody joins`,
        phrase`${people.length} people looked at, ${strangers.length} who are no members`,
      ],
      comma,
    )
    if (faults.length === 0) return { status: 'ok', tried, answer }
    return {
      status: faults.some(({ status }) => status === 'broken') ? 'broken' : 'warning',
      tried,
      answer,
      meaning: joined(faults.map(({ meaning }) => meaning)),
      fix: joined(faults.map(({ fix }) => fix)),
      blocks: false,
    }
  },
}

type Company = EnterpriseConnector & { organizationId: string }
type Fault = Pick<Finding, 'status'> & { meaning: Phrase; fix: Phrase }
type Person = { account: Account; company: Company }

/** What Logto refuses to tell of an organization is that it is gone: the credentials have been tried. */
const isJoined = (api: Management, organizationId: string, connectorId: string) =>
  api.joinedThrough(organizationId).then(
    (through) => through.includes(connectorId),
    (error) => {
      if (error instanceof ProvisionError) return false
      throw error
    },
  )

const provisionOf = ({ name }: Company) => commandLine('provision', `--connector-name ${shellWord(name)}`)

const nobodyJoins = (company: Company): Fault => ({
  status: 'broken',
  meaning: phrase`Who signs in through “${company.name}” is no member of the organization ${company.organizationId}, unless somebody adds them.`,
  fix: phrase`Run ${provisionOf(company)}; or Logto console → Organizations → ${company.organizationId} → Just-in-time provisioning → Enterprise SSO: add the connector ${company.id}.`,
})

/** Where people join without a role of `SSO_ORGANIZATION_ROLES`: provision gives these to all who join. */
async function lackingRoles(
  on: Examination,
  api: Management,
  companies: readonly Company[],
): Promise<Fault[]> {
  const wanted = on.wiring?.SSO_ORGANIZATION_ROLES ?? []
  if (wanted.length === 0) return []
  const there = await api.organizationRoles()
  const faults = companies.map(async (company): Promise<Fault[]> => {
    const given = await api.joinedAs(company.organizationId)
    const lacks = wanted.filter((role) => !there.some(({ id, name }) => name === role && given.includes(id)))
    if (lacks.length === 0) return []
    const { organizationId } = company
    return [
      {
        status: 'warning',
        meaning: phrase`Who joins the organization ${organizationId} does not get ${lacks.join(', ')}, which SSO_ORGANIZATION_ROLES names.`,
        fix: phrase`Run ${provisionOf(company)}; or Logto console → Organizations → ${organizationId} → Just-in-time provisioning → Default organization roles: add ${lacks.join(', ')}.`,
      },
    ]
  })
  return (await Promise.all(faults)).flat()
}

/** The person of the address, else those who signed in last; each who has come through the connector of a company. */
async function peopleOf(on: Examination, api: Management, companies: readonly Company[]): Promise<Person[]> {
  const own = on.email ? await accountWithEmail(on, api) : undefined
  const last = (await lastAccounts(on, api)).filter(({ id }) => id !== own?.id)
  return [...(own ? [own] : []), ...last].flatMap((account) => {
    const isAsked = ({ email }: { email?: string | undefined }) =>
      !on.email || isSame(email, emailOf(on).address)
    const company = companies.find(({ id }) =>
      account.identities.some(
        ({ ssoConnectorId, detail }) => ssoConnectorId === id && (isAsked(account) || isAsked(detail)),
      ),
    )
    return company && !account.isSuspended ? [{ account, company }] : []
  })
}

const noMember = ({ account, company }: Person, status: Fault['status']): Fault => {
  const who = account.email ?? account.id
  const { name, organizationId } = company
  return {
    status,
    meaning: phrase`${who} has signed in through “${name}” and is no member of the organization ${organizationId}: they came before people joined through the connector, or somebody has taken them out since.`,
    fix: phrase`Logto console → Organizations → ${organizationId} → Members → Add member: ${who}, with the roles they should have; or leave it, where somebody took them out on purpose.`,
  }
}
