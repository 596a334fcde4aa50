import type { Text } from '../../words/phrase.ts'
import { clashOf, type EnterpriseConnector } from './connector.ts'
import { googleIssuer } from './providers.ts'

/** Companies, each found by what is its alone, in a time that does not grow with their number. */
export class ConnectorIndex {
  /** How many there are. */
  size = 0
  readonly #byId = new Map<string, EnterpriseConnector>()
  readonly #bySlug = new Map<string, EnterpriseConnector>()
  readonly #byDomain = new Map<string, EnterpriseConnector>()
  readonly #byIssuer = new Map<string, EnterpriseConnector[]>()
  readonly #byOrg = new Map<string, EnterpriseConnector[]>()
  readonly #schemes = new Set<string>()

  /**
   * Takes a company in.
   *
   * @returns what it has in common with one that is there already, and then it is not taken in; undefined for none
   */
  add(connector: EnterpriseConnector): Text | undefined {
    const { id, slug, issuer, domains } = connector
    const taken = domains.find((domain) => this.#byDomain.has(domain))
    const other =
      this.#byId.get(id) ??
      this.#bySlug.get(slug) ??
      (issuer === googleIssuer ? undefined : this.#byIssuer.get(issuer)?.[0]) ??
      (taken === undefined ? undefined : this.#byDomain.get(taken))
    if (other) return clashOf(connector, other)
    this.size++
    this.#byId.set(id, connector)
    this.#bySlug.set(slug, connector)
    for (const domain of domains) this.#byDomain.set(domain, connector)
    append(this.#byIssuer, issuer, connector)
    append(this.#byOrg, orgOf(issuer), connector)
    // An entity ID need not be an address. What is behind it is on https then.
    this.#schemes.add(issuer.startsWith('http://') ? 'http:' : 'https:')
    return undefined
  }

  /** All of them, in the order in which they came. */
  all(): EnterpriseConnector[] {
    return [...this.#byId.values()]
  }

  protected clear(): void {
    this.size = 0
    for (const each of [this.#byId, this.#bySlug, this.#byDomain, this.#byIssuer, this.#byOrg]) each.clear()
    this.#schemes.clear()
  }

  /** The schemes of the addresses that sign-ins lead to, such as `https:`. */
  get schemes(): ReadonlySet<string> {
    return this.#schemes
  }

  byId(id: string): EnterpriseConnector | undefined {
    return this.#byId.get(id)
  }

  /** @param slug in lower case */
  bySlug(slug: string): EnterpriseConnector | undefined {
    return this.#bySlug.get(slug)
  }

  /** @param domain as `domainFrom` has it */
  byDomain(domain: string): EnterpriseConnector | undefined {
    return this.#byDomain.get(domain)
  }

  /** @param issuer as `issuerFrom` has it; several companies have one only where that is Google's */
  byIssuer(issuer: string): readonly EnterpriseConnector[] {
    return this.#byIssuer.get(issuer) ?? []
  }

  /** Those whose tokens come from an Okta org: from itself, or from a custom authorization server of it. */
  byOrg(org: string): readonly EnterpriseConnector[] {
    return this.#byOrg.get(org) ?? []
  }
}

/** An Okta org's own issuer, from that of one of its custom authorization servers. */
export const orgOf = (issuer: string): string => issuer.replace(/\/oauth2\/[^/]+$/, '')

function append<T>(lists: Map<string, T[]>, name: string, value: T): void {
  const list = lists.get(name)
  if (list) list.push(value)
  else lists.set(name, [value])
}
