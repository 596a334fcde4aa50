import type { Companies } from '../../companies/index.ts'
import { issuerFrom } from '../../settings/companies/connector.ts'
import type { EnterpriseConnector } from '../../settings/config.ts'
import { readEmail } from '../../settings/values/email-domain.ts'

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

/** Whose each domain is. */
export type OwnDomains = ReturnType<typeof ownDomains>

/**
 * Which company an issuer is, and which addresses it speaks for: those of its own domains, and where the company says so
 * (`otherDomains`), those of domains that are no other company's. Logto joins accounts by email and does not ask.
 */
export function ownDomains(companies: Pick<Companies, 'byIssuer' | 'byDomain'>) {
  /**
   * An issuer as companies have it: an identity's is to the letter what its provider calls itself. Of several companies
   * with Google, the domain tells.
   */
  function ofIssuer(issuer: string, domain?: string): EnterpriseConnector | undefined {
    const [first, ...others] = companies.byIssuer(issuerFrom(issuer))
    if (!first || others.length === 0) return first
    const all = [first, ...others]
    return (
      all.find((company) => companies.byDomain(domain ?? '') === company) ??
      all.find(({ otherDomains }) => otherDomains)
    )
  }

  function speaksFor(company: EnterpriseConnector, domain: string): boolean {
    const owner = companies.byDomain(domain)
    return owner === company || (owner === undefined && company.otherDomains === true)
  }

  return {
    ofIssuer,
    speaksFor,
    /**
     * Of an issuer that is no company's, nothing is known but what is not its: the companies' domains.
     *
     * @throws ForeignIdentityError where an identity has an address that it may not speak for
     */
    check(issuer: string, address: string): void {
      const { domain } = readEmail(address)
      const company = ofIssuer(issuer, domain)
      const owner = companies.byDomain(domain)
      if (company ? speaksFor(company, domain) : owner === undefined) return
      throw new ForeignIdentityError({
        identityOf: company?.name ?? issuer,
        domainOf: owner?.name ?? domain,
      })
    },
  }
}
