import type { EnterpriseConnector } from '../settings/companies/connector.ts'
import { ConnectorIndex } from '../settings/companies/connector-index.ts'
import type { AppConfig } from '../settings/config.ts'
import type { InEachLanguage } from '../words/phrase.ts'
import { readCompanies, type StoredCompanies } from './companies.ts'
import { phrase } from './companies-error.ts'
import type { Place } from './place.ts'

/** The companies as they are now, each found in a time that does not grow with their number. */
export type Companies = Readonly<
  Pick<ConnectorIndex, 'all' | 'size' | 'byId' | 'bySlug' | 'byDomain' | 'byIssuer' | 'byOrg' | 'schemes'>
> & {
  /** When a company was taken away last, in milliseconds since 1970; 0 for never. */
  removedAt: (id: string) => number
}

/** The settings of an app, and its companies as they are now. */
export type LiveConfig = AppConfig & { readonly companies: Companies }

/**
 * The companies of the settings and those of a place, which wins: by its word one of the settings is another one, or taken
 * away.
 */
export class LiveCompanies extends ConnectorIndex implements Companies {
  readonly #fixed: readonly EnterpriseConnector[]
  #removedAt: ReadonlyMap<string, number> = new Map()

  /** @param fixed those of the settings */
  constructor(fixed: readonly EnterpriseConnector[]) {
    super()
    this.#fixed = fixed
    for (const each of fixed) this.add(each)
  }

  /** @returns what of the settings gives way to what is stored, for a line in the log */
  replace({ companies, removedAt }: Pick<StoredCompanies, 'companies' | 'removedAt'>): InEachLanguage[] {
    this.clear()
    this.#removedAt = removedAt
    for (const each of companies) this.add(each)
    const givesWay: InEachLanguage[] = []
    for (const each of this.#fixed) {
      if (this.byId(each.id) || removedAt.has(each.id)) continue
      const domains = each.domains.filter((domain) => !this.byDomain(domain))
      const clash = this.add(domains.length < each.domains.length ? { ...each, domains } : each)
      if (clash) givesWay.push(phrase`${each.id}: another one has ${clash}`)
    }
    return givesWay
  }

  removedAt(id: string): number {
    return this.#removedAt.get(id) ?? 0
  }
}

/**
 * The companies of an app at this moment, for a command.
 *
 * @param fixed those of the settings
 * @returns them, and what is passed over, each with what is wrong with it
 * @throws whatever the place throws
 */
export async function companiesNow(
  place: Place,
  fixed: readonly EnterpriseConnector[],
): Promise<{ all: EnterpriseConnector[]; passedOver: InEachLanguage[] }> {
  const { broken, ...stored } = await readCompanies(place)
  const known = new LiveCompanies(fixed)
  return { passedOver: [...broken, ...known.replace(stored)], all: known.all() }
}
