import { readCompanies } from '../../companies/index.ts'
import type { EnterpriseConnector } from '../../settings/companies/connector.ts'
import type { PortalParts } from '../parts.ts'

type Parts = Pick<PortalParts, 'config' | 'place' | 'logto'>

/** How many of the last sign-ins are shown. */
const shown = 5

/** Days before an end from which on it is spoken of. */
const soon = 30

/** The company of a connector, as the app has it: from where companies live, or else from the settings. */
export async function companyOf(
  { config, place }: Pick<Parts, 'config' | 'place'>,
  connectorId: string,
): Promise<EnterpriseConnector | undefined> {
  const { companies, removedAt } = await readCompanies(place)
  const isHere = ({ id }: EnterpriseConnector) => id === connectorId
  return companies.find(isHere) ?? (removedAt.has(connectorId) ? undefined : config.connectors.find(isHere))
}

/** Who of the company's organization has signed in last, and when; nobody where it has none. */
export async function lastSignIns(
  { logto }: Pick<Parts, 'logto'>,
  { organizationId }: Pick<EnterpriseConnector, 'organizationId'>,
): Promise<Array<{ email: string; at: Date }>> {
  if (organizationId === undefined) return []
  // An organization that somebody has deleted at Logto is no reason to show nothing of the company.
  const members = await logto.members(organizationId).catch(() => [])
  return members
    .flatMap(({ id, primaryEmail, lastSignInAt: at }) => (at ? [{ email: primaryEmail || id, at }] : []))
    .sort((one, other) => other.at - one.at)
    .slice(0, shown)
    .map(({ email, at }) => ({ email, at: new Date(at) }))
}

/** @param end in milliseconds since 1970 */
export function endOf(end: number | undefined): { at: Date; isNear: boolean } | undefined {
  if (end === undefined) return undefined
  return { at: new Date(end), isNear: end - Date.now() < soon * 24 * 3_600_000 }
}
