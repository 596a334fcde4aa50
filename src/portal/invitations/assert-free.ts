import { readCompanies } from '../../companies/index.ts'
import { ProvisionError } from '../../provision/problem.ts'
import { commandLine, shellWord } from '../../settings/command-line.ts'
import { domainFrom } from '../../settings/values/email-domain.ts'
import type { PortalParts } from '../parts.ts'
import { phrase } from '../phrase.ts'
import { type Invitation, invitations } from './invitation.ts'

type Parts = Pick<PortalParts, 'config' | 'place'> & { logto: Pick<PortalParts['logto'], 'connectors'> }

/**
 * Neither the name nor a domain is anybody else's: of companies, of connectors at Logto, of other invitations.
 *
 * @param own the ID of the connector that an administrator has begun with already, if any
 * @throws ProvisionError for the first that is
 */
export async function assertFree(
  { config, place, logto }: Parts,
  { company, domains }: Pick<Invitation, 'company' | 'domains'>,
  own: string | undefined,
): Promise<void> {
  const isAnother = ({ id }: { id: string }) => id !== own
  const open = (await invitations(place)).filter(
    ({ revokedAt, expiresAt }) => !revokedAt && expiresAt > Date.now(),
  )
  const { companies } = await readCompanies(place)
  const others = [
    ...[...companies, ...config.connectors].filter(isAnother).map((each) => ({
      ...{ name: each.name, domains: each.domains, what: phrase`company` },
    })),
    ...(await logto.connectors()).filter(isAnother).map((each) => ({
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

/** What to do about an invitation that stands in the way. */
export const revokeFirst = (name: string) =>
  phrase`Revoke it first: ${commandLine('invite', `--revoke ${shellWord(name)}`)}`
