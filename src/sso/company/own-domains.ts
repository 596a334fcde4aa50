import type { EnterpriseConnector } from '../../settings/config.ts'
import { readEmail } from '../../settings/values/email-domain.ts'
import { webAddress } from '../../settings/values/kinds.ts'

/** Whose identity an account has, and whose the address is that it may not speak for. For the audit log only. */
export interface ForeignIdentity {
  /** The company, or the issuer of one that the app does not know. */
  readonly identityOf: string
  /** The company that has the domain, or the domain where nobody here has it. */
  readonly domainOf: string
}

/** Raised for an account with an identity of a company that has not the domain of its address. */
export class ForeignIdentityError extends Error {
  override readonly name = 'ForeignIdentityError'
  readonly companies: ForeignIdentity

  constructor(companies: ForeignIdentity) {
    super(
      `an identity of ${companies.identityOf} has an address of ${companies.domainOf}; take it away from the account at Logto`,
    )
    this.companies = companies
  }
}

/** The companies of the settings, as their people's identities name them. */
export type Companies = ReturnType<typeof companiesOf>

/**
 * Which company an issuer is, and which addresses it speaks for: those of its own domains, and where the setting says so
 * (`otherDomains`), those of domains that are no other company's. Logto joins accounts by email and does not ask.
 *
 * @param connectors those of the setting, no two of which share a domain or an issuer
 */
export function companiesOf(connectors: readonly EnterpriseConnector[]) {
  const byIssuer = new Map(connectors.map((company) => [company.issuer, company]))
  const byDomain = new Map(
    connectors.flatMap((company) => company.domains.map((domain) => [domain, company] as const)),
  )

  /** An issuer as the setting has it. An identity's is to the letter what its provider calls itself. */
  const ofIssuer = (issuer: string) => byIssuer.get(webAddress.safeParse(issuer).data ?? issuer)

  function speaksFor(company: EnterpriseConnector, domain: string): boolean {
    const owner = byDomain.get(domain)
    return owner === company || (owner === undefined && company.otherDomains === true)
  }

  return {
    isNone: connectors.length === 0,
    ofIssuer,
    speaksFor,
    /**
     * Of an issuer that the settings do not name, nothing is known but what is not its: the companies' domains.
     *
     * @throws ForeignIdentityError where an identity has an address that it may not speak for
     */
    check(issuer: string, address: string): void {
      const { domain } = readEmail(address)
      const company = ofIssuer(issuer)
      const owner = byDomain.get(domain)
      if (company ? speaksFor(company, domain) : owner === undefined) return
      throw new ForeignIdentityError({
        identityOf: company?.name ?? issuer,
        domainOf: owner?.name ?? domain,
      })
    },
  }
}
