import { randomBytes } from 'node:crypto'
import { type Place, readCompanies, removeCompany } from '../../companies/index.ts'
import { managementClient } from '../../provision/logto/api/management.ts'
import { managementFetch } from '../../provision/patient-fetch.ts'
import { ProvisionError } from '../../provision/problem.ts'
import { commandLine } from '../../settings/command-line.ts'
import { domainFrom } from '../../settings/values/email-domain.ts'
import { publicDomains } from '../../settings/values/public-domains.ts'
import { phrase } from '../phrase.ts'
import type { PortalConfig } from '../portal-config.ts'
import { advance, type Invitation, invitations, keepInvitation } from './invitation.ts'
import { invitationSeal } from './seal.ts'

/** Who is invited. */
export interface Invite {
  company: string
  /** As somebody has typed them; the operator vouches that they are the company's. */
  domains: readonly string[]
  /** Milliseconds for which the link is good; as the settings say, unless told otherwise. */
  goodFor?: number
}

/** How the portal reaches Logto. */
type Logto = Pick<ReturnType<typeof managementClient>, 'connectors' | 'deleteConnector'>

interface Parts {
  config: PortalConfig
  place: Place
  logto: Logto
}

/** Longest name of a company, which is its connector's at Logto as well. */
const longest = 100

/** Logto's Management API, as the portal and its commands call it. */
export const logtoOf = ({ logto, proxyFor }: PortalConfig) =>
  managementClient(logto, managementFetch({ proxyFor }))

/** The same as `invite`, by the config alone. */
export const inviteTo = (config: PortalConfig, place: Place, who: Invite) =>
  invite({ config, place, logto: logtoOf(config) }, who)

/**
 * Invites the administrator of a company.
 *
 * @returns the invitation, and the link to send them. Whoever has the link can connect the company, and no other
 * @throws ProvisionError where the name or a domain is none, or is another company's already
 */
export async function invite(
  { config, place, logto }: Parts,
  { company: name, domains: typed, goodFor = config.goodFor }: Invite,
): Promise<{ invitation: Invitation; link: string }> {
  const company = name.normalize('NFKC').trim()
  if (company === '' || company.length > longest || /\p{Cc}/u.test(company)) throw noCompany()
  const domains = [...new Set(typed.map(readDomain))]
  const known = await companyThere({ config, place, logto }, company)
  if (!known && domains.length === 0) throw noDomain()
  if (known && domains.some((domain) => !known.domains.includes(domain))) throw otherDomains(company)
  if (!known) await assertFree({ config, place, logto }, company, domains)

  const now = Date.now()
  const invitation: Invitation = {
    ...{ id: randomBytes(9).toString('hex'), company, domains: known ? [...known.domains] : domains },
    ...{ createdAt: now, expiresAt: now + goodFor, version: 0 },
    ...(known && {
      ...{ provider: known.provider ?? ('Okta' as const), connectorId: known.id },
      ...{ connectedAt: now, switchedOnAt: now },
    }),
  }
  await keepInvitation(place, invitation)
  const key = await invitationSeal(config.secrets).seal(invitation)
  return { invitation, link: `${config.baseUrl}/invitation?${new URLSearchParams({ key })}` }
}

/** All of them, those that are over included; the newest first. */
export const listInvitations = async (place: Place): Promise<Invitation[]> =>
  (await invitations(place)).sort((one, other) => other.createdAt - one.createdAt)

/**
 * Takes invitations back. What was begun with one and not switched on goes with it.
 *
 * @param name an invitation's ID, or the name of a company, all of whose invitations are meant
 * @throws ProvisionError where there is none
 */
export async function revokeInvitation(
  { place, logto }: Omit<Parts, 'config'>,
  name: string,
): Promise<Invitation[]> {
  const meant = (await invitations(place)).filter(
    ({ id, company, revokedAt }) => !revokedAt && (id === name || company === name),
  )
  if (meant.length === 0) {
    throw new ProvisionError(
      phrase`There is no invitation “${name}”.`,
      phrase`Look at them: ${commandLine('invite', '--list')}`,
    )
  }
  for (const invitation of meant) {
    const { connectorId, switchedOnAt } = await advance(place, invitation, { revokedAt: Date.now() })
    if (!connectorId || switchedOnAt) continue
    await removeCompany(place, connectorId)
    await logto.deleteConnector(connectorId)
  }
  return meant
}

/** A company that is connected already: its administrator is let in once more, to change a secret. */
async function companyThere({ config, place }: Parts, name: string) {
  const { companies } = await readCompanies(place)
  return [...companies, ...config.connectors].find((each) => each.name === name && each.domains.length > 0)
}

function readDomain(text: string): string {
  const domain = domainFrom(text)
  if (domain === '') {
    throw new ProvisionError(
      phrase`“${text}” is no email domain.`,
      phrase`Write what stands after the @, with a comma between two, such as globex.com,globex.co.jp.`,
    )
  }
  if (!publicDomains.has(domain)) return domain
  throw new ProvisionError(
    phrase`Anybody may have an address at ${domain}: it is no company's.`,
    phrase`Write the company's own domains only.`,
  )
}

/** Neither the name nor a domain is anybody else's: of companies, of connectors at Logto, of other invitations. */
async function assertFree(
  { config, place, logto }: Parts,
  company: string,
  domains: readonly string[],
): Promise<void> {
  const open = (await invitations(place)).filter(
    ({ revokedAt, expiresAt }) => !revokedAt && expiresAt > Date.now(),
  )
  const { companies } = await readCompanies(place)
  const others = [
    ...[...companies, ...config.connectors].map((each) => ({
      ...{ name: each.name, domains: each.domains, what: phrase`company` },
    })),
    ...(await logto.connectors()).map((each) => ({
      name: each.connectorName,
      domains: each.domains.map(domainFrom),
      what: phrase`connector at Logto`,
    })),
    ...open.map((each) => ({ name: each.company, domains: each.domains, what: invitationWord })),
  ]
  for (const other of others) {
    const domain = domains.find((each) => other.domains.includes(each))
    if (domain) {
      throw new ProvisionError(
        phrase`${domain} is a domain of another ${other.what} already: “${other.name}”.`,
        other.what === invitationWord
          ? revokeFirst(other.name)
          : phrase`Remove it there first, if it is this company’s now.`,
      )
    }
    if (other.name !== company) continue
    throw new ProvisionError(
      phrase`There is another ${other.what} already that is called “${company}”.`,
      other.what === invitationWord ? revokeFirst(company) : phrase`Choose another name.`,
    )
  }
}

const invitationWord = phrase`invitation`

const revokeFirst = (name: string) => phrase`Revoke it first: ${commandLine('invite', `--revoke '${name}'`)}`

const noCompany = () =>
  new ProvisionError(
    phrase`The company has no name, or its name is too long.`,
    phrase`Pass --company "Globex", of at most ${longest} characters.`,
  )

const noDomain = () =>
  new ProvisionError(
    phrase`The company has no email domain.`,
    phrase`Pass --domains globex.com, or several with a comma between two.`,
  )

const otherDomains = (company: string) =>
  new ProvisionError(
    phrase`“${company}” is connected already, and has other domains.`,
    phrase`Leave out --domains to let its administrator change a secret. Domains are changed with provision.`,
  )
