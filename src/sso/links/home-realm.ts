import type { Companies } from '../../companies/index.ts'
import type { EnterpriseConnector } from '../../settings/config.ts'
import { readEmail } from '../../settings/values/email-domain.ts'
import { plainAddress } from '../../settings/values/web-address.ts'
import { AppError, type ErrorAction } from '../http/app-error.ts'

/** Finds the connector that leads straight to a company's own sign-in. */
export interface HomeRealms {
  /** By the domain of an email address, if it is one of a company's. */
  forEmail(address: string): EnterpriseConnector | undefined
  /** By the issuer that a third-party-initiated login names. @throws AppError 400 for one that is nobody's here */
  forIssuer(issuer: string): EnterpriseConnector
  /** By the last part of `/sign-in/<company>`. @throws AppError 404 for one that is nobody's here */
  forCompany(slug: string): EnterpriseConnector
}

/**
 * @param companies no two of which share a domain or a name
 * @param otherwise the way on where there is no such company
 */
export function homeRealms(companies: Companies, otherwise: ErrorAction): HomeRealms {
  return {
    forEmail: (address) => companies.byDomain(readEmail(address).domain),
    forIssuer(issuer) {
      const connector = ofIssuer(issuer, companies)
      if (connector) return connector
      throw new AppError({ status: 400, code: 'issuer_unknown', action: otherwise })
    },
    forCompany(slug) {
      const connector = companies.bySlug(slug.toLowerCase())
      if (connector) return connector
      throw new AppError({ status: 404, code: 'company_unknown', action: otherwise })
    },
  }
}

/**
 * Issuers are compared to the letter (OpenID Connect Core 1.0 §3.1.3.7), after what makes two spellings of a URL the
 * same address (RFC 3986 §6.2.2.1 and §6.2.3: case of scheme and host, default port) and without a slash at the end,
 * which discovery drops too (OpenID Connect Discovery 1.0 §4.1). The setting went through the same.
 *
 * Okta's tile names the org, also where tokens come from one of its custom authorization servers
 * (`<org>/oauth2/<id>`). So an org leads to the one connector below it, if it is but one; and Google's issuer, which all
 * its customers have, to the one company with Google.
 */
function ofIssuer(issuer: string, companies: Companies): EnterpriseConnector | undefined {
  const address = plainAddress(issuer)
  if (address === undefined) return undefined
  const exact = companies.byIssuer(address)
  const [only, ...others] = exact.length > 0 ? exact : companies.byOrg(address)
  return others.length === 0 ? only : undefined
}
