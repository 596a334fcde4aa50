import { commandLine } from '../settings/command-line.ts'
import { type EnterpriseConnector, plainConnector } from '../settings/companies/connector.ts'
import { ConnectorIndex } from '../settings/companies/connector-index.ts'
import { readConnector } from '../settings/companies/connectors.ts'
import { type InEachLanguage, Phrase } from '../words/phrase.ts'
import { CompaniesError, phrase } from './companies-error.ts'
import type { Place } from './place.ts'
import { editRecords, readRecords } from './records.ts'

/** The companies that a place holds. */
export interface StoredCompanies {
  readonly companies: readonly EnterpriseConnector[]
  /** When each company that was taken away was so last, by the connector's ID; in milliseconds since 1970. */
  readonly removedAt: ReadonlyMap<string, number>
  /** What is passed over, each with what is wrong with it. */
  readonly broken: readonly InEachLanguage[]
}

/** A company as it is written: its link follows from its name, and the issuer of Google Workspace is known. */
export type NewCompany = Omit<EnterpriseConnector, 'slug' | 'issuer'> & {
  readonly issuer?: string | undefined
}

/** @throws whatever the place throws; nothing that it holds is a fault */
export const readCompanies = async (place: Place): Promise<StoredCompanies> =>
  companiesIn((await readRecords(place, 'company')).records)

/** Reads companies from records. Of two that cannot be told apart, the one whose ID comes first is there. */
export function companiesIn(records: ReadonlyMap<string, unknown>): StoredCompanies {
  const index = new ConnectorIndex()
  const removedAt = new Map<string, number>()
  const broken: InEachLanguage[] = []
  for (const [id, record] of [...records].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const { company, removed } = partsOf(record)
    if (typeof removed === 'number') removedAt.set(id, removed)
    if (company === undefined && typeof removed === 'number') continue
    const read = readConnector(company)
    if (read instanceof Phrase) broken.push(phrase`${id}: ${read}`)
    else if (read.id !== id) broken.push(phrase`${id}: its ID is another one`)
    else {
      const clash = index.add(read)
      if (clash) broken.push(phrase`${id}: another one has ${clash}`)
    }
  }
  return { companies: index.all(), removedAt, broken }
}

/**
 * Writes a company down, in the place of what there is of its connector.
 *
 * @param company what is known of it, its ID the connector's
 * @param others companies of the settings, which it must be told apart from too
 * @param isGone whether a connector is no more, by its ID: what is left of its company gives way
 * @returns the company as it is kept
 * @throws CompaniesError where something of it is wrong, or another company's already; whatever the place throws
 */
export async function writeCompany(
  place: Place,
  company: NewCompany,
  others: readonly EnterpriseConnector[] = [],
  isGone: (id: string) => boolean = () => false,
): Promise<EnterpriseConnector> {
  const read = readConnector(JSON.parse(JSON.stringify(plainConnector(company))))
  if (read instanceof Phrase) throw wrong(phrase`The company “${company.name}” has something wrong: ${read}.`)
  return editRecords(place, 'company', (draft) => {
    const stored = companiesIn(draft.all())
    const index = new ConnectorIndex()
    const known = new Set([read.id, ...stored.removedAt.keys(), ...stored.companies.map(({ id }) => id)])
    for (const each of stored.companies) {
      if (each.id === read.id) continue
      if (isGone(each.id)) draft.remove(each.id)
      else index.add(each)
    }
    for (const each of others) if (!known.has(each.id)) index.add(each)
    const clash = index.add(read)
    if (clash) throw wrong(phrase`The company “${read.name}” is not written: another company has ${clash}.`)
    const { removed } = partsOf(draft.get(read.id))
    draft.put(read.id, { company: plainConnector(read), removed })
    return read
  })
}

/**
 * Takes a company away: every process of the app ends the sessions of its people. What Logto has of it stays.
 *
 * @param id its connector's
 * @throws whatever the place throws
 */
export const removeCompany = (place: Place, id: string): Promise<void> =>
  editRecords(place, 'company', (draft) => draft.put(id, { removed: Date.now() }))

/** A record: the company, and when it was taken away, if it ever was; it may have come back since. */
function partsOf(record: unknown): { company?: unknown; removed?: unknown } {
  return typeof record === 'object' && record !== null ? record : {}
}

const wrong = (problem: InEachLanguage) =>
  new CompaniesError(problem, phrase`Correct it, or look at the others: ${commandLine('companies')}`)
