import { CompaniesError, type Place, readCompanies, writeCompany } from '../../companies/index.ts'
import { type EnterpriseConnector, plainConnector } from '../../settings/companies/connector.ts'
import type { InEachLanguage, Text } from '../../words/phrase.ts'
import type { Desired } from '../desired.ts'
import { replacement, type Step } from '../plan.ts'
import { ProvisionError, phrase } from '../problem.ts'
import type { Wired } from '../wired.ts'
import { connectorEntry } from './connectors-setting.ts'

/**
 * The company where the running app reads companies: there it is known within seconds, and nobody restarts anything. What
 * only people say of it stays. A place that does not answer from here stays as it is.
 *
 * @param place undefined where it does not answer, with why
 */
export async function planCompany(
  place: Place | { name: Text; fault: InEachLanguage },
  desired: Desired,
  wired: Wired,
): Promise<Step> {
  const resource = phrase`${place.name}: company “${desired.connector.name}”`
  if ('fault' in place) return { ...left, resource, notes: [place.fault] }
  const { companies } = await readCompanies(place)
  const merged = (): EnterpriseConnector | undefined => {
    const entry = connectorEntry(desired, wired)
    const present = companies.find(({ id }) => id === entry?.id)
    return entry && { ...present, ...entry }
  }
  const [now, present] = [merged(), companies.find(({ id }) => id === wired.connectorId)]
  const isPromised = !now && wired.issuer !== undefined
  const changes = now
    ? replacement(phrase`company`, present && inWords(present), inWords(now))
    : isPromised
      ? replacement(phrase`company`, undefined, phrase`once it is complete`)
      : []
  return {
    resource,
    action: changes.length === 0 ? 'leave' : present ? 'change' : 'create',
    changes,
    notes: [],
    async apply() {
      const entry = merged()
      if (!entry) return
      const { connectorIds = [] } = wired
      await writeCompany(place, entry, [], (id) => !connectorIds.includes(id)).catch((error) => {
        throw error instanceof CompaniesError ? new ProvisionError(error.problem, error.fix) : error
      })
    },
  }
}

const left = { action: 'leave', changes: [], notes: [], apply: async () => {} } satisfies Partial<Step>

/** As the plan shows it, and by which two are compared. */
const inWords = (company: EnterpriseConnector): string =>
  Object.values(plainConnector(company))
    .flat()
    .filter((part) => part !== undefined)
    .join(', ')
