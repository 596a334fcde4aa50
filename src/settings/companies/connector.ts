import type { Text } from '../../words/phrase.ts'
import { phrase } from '../fault.ts'
import { plainAddress } from '../values/web-address.ts'
import { googleIssuer, type Provider } from './providers.ts'

/** One company's way in: its enterprise connector at Logto, and the identity provider behind it. */
export interface EnterpriseConnector {
  /** The connector's ID at Logto. */
  readonly id: string
  /** Its name there, which people may read. */
  readonly name: string
  /** The issuer it trusts, without a slash at its end; with SAML the provider's entity ID. */
  readonly issuer: string
  /** The company's email domains, as DNS has them. */
  readonly domains: readonly string[]
  /** The name as a link has it: `/sign-in/<slug>`. */
  readonly slug: string
  /** The app's client ID at that Okta, as its own words name the app. */
  readonly clientId?: string
  /** Whether people with an address of another domain may sign in through it, unless it is another company's domain. */
  readonly otherDomains?: boolean
  /** The kind of identity provider; Okta where it does not say. */
  readonly provider?: Provider
  /** The organization at Logto that its people belong to, if it has one. */
  readonly organizationId?: string
  /** When the client secret ends that Logto has, as `2027-03-31`, if its administrator has said so. */
  readonly secretEndsOn?: string
}

/** An issuer as companies are found by it: of two spellings of one address the same; what is no address as it is. */
export const issuerFrom = (said: string): string => plainAddress(said) ?? said

/** @returns what two connectors share that only one of them may have; undefined where they can be told apart */
export function clashOf(one: EnterpriseConnector, other: EnterpriseConnector): Text | undefined {
  if (one.id === other.id) return phrase`the ID ${one.id}`
  if (one.slug === other.slug) return phrase`the address /sign-in/${one.slug}, which follows from their names`
  if (one.issuer === other.issuer && one.issuer !== googleIssuer) return phrase`the issuer ${one.issuer}`
  const shared = one.domains.find((domain) => other.domains.includes(domain))
  return shared && phrase`the domain ${shared}`
}

/**
 * A connector's name as a path segment that survives being typed, mailed and logged: the ASCII letters and digits of
 * it; its ID, where there are none, as in アクメ.
 */
export function slugOf({ id, name }: Pick<EnterpriseConnector, 'id' | 'name'>): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
  return plain.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '') || id.toLowerCase()
}

/** A connector as JSON has it, its keys in one order. */
export const plainConnector = (
  connector: Omit<EnterpriseConnector, 'slug' | 'issuer'> & { issuer?: string | undefined },
) => {
  const { id, name, issuer, domains, clientId, otherDomains, provider, organizationId, secretEndsOn } =
    connector
  return { id, name, issuer, domains, clientId, otherDomains, provider, organizationId, secretEndsOn }
}
