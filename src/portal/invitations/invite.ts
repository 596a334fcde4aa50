import { randomBytes } from 'node:crypto'
import { type Place, readCompanies, removeCompany } from '../../companies/index.ts'
import { type LogtoManagement, managementClient } from '../../provision/logto/api/management.ts'
import { managementFetch } from '../../provision/patient-fetch.ts'
import { ProvisionError } from '../../provision/problem.ts'
import { commandLine } from '../../settings/command-line.ts'
import { needs } from '../../settings/missing-packages.ts'
import { domainFrom } from '../../settings/values/email-domain.ts'
import { publicDomains } from '../../settings/values/public-domains.ts'
import { phrase } from '../phrase.ts'
import type { PortalConfig } from '../portal-config.ts'
import { assertFree, revokeFirst } from './assert-free.ts'
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
type Logto = Pick<LogtoManagement, 'connectors' | 'deleteConnector'>

interface Parts {
  config: PortalConfig
  place: Place
  logto: Logto
}

/** Longest name of a company, which is its connector's at Logto as well. */
const longest = 100

/**
 * Logto's Management API, as the portal and its commands call it.
 *
 * @throws MissingPackages where what it needs is not installed
 */
export async function logtoOf({ logto, proxyFor }: PortalConfig): Promise<LogtoManagement> {
  needs('portal')
  return managementClient(logto, managementFetch({ proxyFor }))
}

/** The same as `invite`, by the config alone. */
export const inviteTo = async (config: PortalConfig, place: Place, who: Invite) =>
  invite({ config, place, logto: await logtoOf(config) }, who)

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
  const known = await companyThere({ config, place, logto }, company)
  const begun = known ? undefined : await begunBefore(place, company)
  const own = (known ?? begun)?.domains
  const domains = typed.length === 0 && begun ? begun.domains : [...new Set(typed.map(readDomain))]
  if (!known && domains.length === 0) throw noDomain()
  if (own && domains.some((domain) => !own.includes(domain)))
    throw begun ? begunWithOthers(company) : otherDomains(company)
  if (!known) await assertFree({ config, place, logto }, { company, domains }, begun?.connectorId)

  const now = Date.now()
  const expiresAt = now + goodFor
  const invitation = begun
    ? await advance(place, begun, { expiresAt })
    : await keepInvitation(place, {
        ...{ id: randomBytes(9).toString('hex'), company, domains: known ? [...known.domains] : domains },
        ...{ createdAt: now, expiresAt, version: 0 },
        ...(known && {
          ...{ provider: known.provider ?? ('Okta' as const), connectorId: known.id },
          ...{ connectedAt: now, switchedOnAt: now },
        }),
      })
  const key = await invitationSeal(config.secrets).seal(invitation)
  return { invitation, link: `${config.baseUrl}/invitation?${new URLSearchParams({ key })}` }
}

/** One that is over, and whose administrator has not come to the end: with a new link they go on where they stopped. */
const begunBefore = async (place: Place, name: string) =>
  (await invitations(place)).find(
    ({ company, connectorId, switchedOnAt, revokedAt, expiresAt }) =>
      company === name && connectorId && !switchedOnAt && !revokedAt && expiresAt <= Date.now(),
  )

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

const begunWithOthers = (company: string) =>
  new ProvisionError(phrase`“${company}” has been begun with other domains.`, revokeFirst(company))

const otherDomains = (company: string) =>
  new ProvisionError(
    phrase`“${company}” is connected already, and has other domains.`,
    phrase`Leave out --domains to let its administrator change a secret. Domains are changed with provision.`,
  )
