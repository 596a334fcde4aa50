import { clashOf, type EnterpriseConnector, issuerFrom, slugOf } from '../../settings/companies/connector.ts'
import { fitsSetting, writeConnectors } from '../../settings/companies/connectors.ts'
import { googleIssuer } from '../../settings/companies/providers.ts'
import { parseSettings } from '../../settings/parse.ts'
import { settings } from '../../settings/settings.ts'
import { domainFrom } from '../../settings/values/email-domain.ts'
import { type InEachLanguage, joined, type Phrase, type Text, textIn } from '../../words/phrase.ts'
import type { Desired } from '../desired.ts'
import { type Change, replacement } from '../plan.ts'
import { ProvisionError, phrase } from '../problem.ts'
import type { Wired } from '../wired.ts'

export const SETTING = 'SSO_CONNECTORS'

const schema = settings.pick({ SSO_CONNECTORS: true })

/**
 * What the app has to know of the connector that a plan is about.
 *
 * @returns undefined while it cannot sign anybody in yet
 */
export function connectorEntry(
  { connector, provider }: Desired,
  wired: Wired,
): EnterpriseConnector | undefined {
  const { connectorId: id, domains = connector.domains } = wired
  if (!id || !wired.issuer || wired.isIncomplete) return undefined
  const { name } = connector
  const { clientId } = wired.oktaClient ?? {}
  // Of domains that somebody else has entered at Logto, those that the setting could not hold stay out.
  return {
    id,
    issuer: issuerFrom(wired.issuer),
    domains: [...new Set(domains.map(domainFrom))].filter(Boolean),
    name,
    slug: slugOf({ id, name }),
    ...(clientId && { clientId }),
    ...(provider && { provider: provider.name }),
    ...(wired.organizationId && { organizationId: wired.organizationId }),
  }
}

/** The setting in a file, and what it is to be. */
export interface ConnectorsSetting {
  /** The text to write, known once the connector is there; what is said already stays as it is written. */
  wanted: () => string | undefined
  changes: Change[]
  notes: InEachLanguage[]
}

/**
 * Plans the setting: the connector takes its own place in the list, by its ID, and those of other companies keep
 * theirs.
 *
 * @param text as it stands in the file
 * @throws ConfigError when that cannot be read; ProvisionError for a name that another company's is taken for
 */
export function planConnectors(text: string | undefined, desired: Desired, wired: Wired): ConnectorsSetting {
  const present = parseSettings(schema, { [SETTING]: text }).SSO_CONNECTORS ?? []
  const entryNow = () => {
    const entry = connectorEntry(desired, wired)
    return entry && withEntry(present, entry)
  }
  // One company too many stays where the app's companies live; the app would not start with such a setting.
  const merged = () => {
    const list = entryNow()
    return list && fitsSetting(list) ? list : undefined
  }
  const now = merged()
  const isFull = !now && entryNow() !== undefined
  return {
    wanted() {
      const list = merged()
      return list && !isSame(list, present) ? writeConnectors(list) : text
    },
    changes: now
      ? differences(present, now)
      : !isFull && (wired.issuer !== undefined || wired.isIncomplete)
        ? [{ field: phrase`${SETTING}`, add: [phrase`“${desired.connector.name}”, once it is complete`] }]
        : [],
    notes: [
      ...(isFull
        ? [phrase`${SETTING} is full: the company is written where the app’s companies live, and not here.`]
        : []),
      ...(now ? present.filter((other) => isOutdated(other, now)).map(givesWay) : []),
    ],
  }
}

/**
 * Logto has each name and each domain once: another entry with ours is what is left of a connector that is gone. Two
 * names may still make one link, and then neither is to be lost.
 */
function withEntry(
  present: readonly EnterpriseConnector[],
  ours: EnterpriseConnector,
): EnterpriseConnector[] {
  const others = present.flatMap((other) => {
    // What only people say of a company stays.
    if (other.id === ours.id) return [{ ...other, ...ours }]
    const isOneIssuer = other.issuer === ours.issuer && ours.issuer !== googleIssuer
    if (other.name === ours.name || isOneIssuer) return []
    if (other.slug === ours.slug) throw sameLink(ours, other)
    return [{ ...other, domains: other.domains.filter((domain) => !ours.domains.includes(domain)) }]
  })
  return others.some(({ id }) => id === ours.id) ? others : [...others, ours]
}

const sameLink = (ours: EnterpriseConnector, other: EnterpriseConnector) =>
  new ProvisionError(
    phrase`${SETTING} has “${other.name}” (${other.id}) already, and “${ours.name}” would have the same link: /sign-in/${ours.slug}.`,
    phrase`Rename one of the two connectors, or take the other out of the setting if it is gone.`,
  )

const isOutdated = (other: EnterpriseConnector, now: readonly EnterpriseConnector[]) =>
  !now.some((entry) => entry.id === other.id && (entry === other || isSame([entry], [other]))) &&
  now.some((entry) => entry.id !== other.id && clashOf(entry, other) !== undefined)

const givesWay = ({ name, id }: EnterpriseConnector) =>
  phrase`“${name}” (${id}) in ${SETTING} gives way, in what it has in common with this connector.`

const isSame = (one: readonly EnterpriseConnector[], other: readonly EnterpriseConnector[]) =>
  writeConnectors(one) === writeConnectors(other)

function differences(present: readonly EnterpriseConnector[], now: readonly EnterpriseConnector[]): Change[] {
  const [from, to] = [listed(present), listed(now)]
  if (textIn(from, 'en') === textIn(to, 'en')) return []
  return replacement(phrase`${SETTING}`, present.length > 0 ? from : undefined, to)
}

/** As the plan shows it, which is for reading. */
const listed = (list: readonly EnterpriseConnector[]): Phrase =>
  joined(
    list.map(({ name, issuer, domains, clientId }): Text => {
      const client = clientId === undefined ? [] : [phrase`client ID ${clientId}`]
      return joined([`${name} (`, joined([issuer, ...domains, ...client], ', '), ')'], '')
    }),
    '; ',
  )
