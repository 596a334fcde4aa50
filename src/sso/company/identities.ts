import { decodeJwt } from 'jose'
import { z } from 'zod'
import type { LiveConfig } from '../../companies/index.ts'
import { readEmail } from '../../settings/values/email-domain.ts'
import { askUserInfo } from '../logto/ask-user-info.ts'
import type { Logto } from '../logto/logto-client.ts'
import type { SessionTokens } from '../logto/session-tokens.ts'
import { type Claims, isIdentifier, typedClaims } from '../logto/verify/id-token.ts'
import { type CompanyName, companyMark } from '../session/session-data.ts'
import { emailName, identityName } from './company-names.ts'
import { ownDomains } from './own-domains.ts'

/** Identities that an account may have: one at each connector, and a person has one company, or two. */
const most = 20

/** `sso_identities`, as Logto's ID token and userinfo have it. Of the provider's own words only the address matters. */
const identities = z
  .array(
    z.object({
      issuer: z.string().min(1).max(2048),
      identityId: z.string().refine(isIdentifier),
      detail: z.object({ email: z.string().optional().catch(undefined) }).catch({}),
    }),
  )
  .max(most)

/** Who a person is at companies' providers. Both raise ForeignIdentityError. */
export interface Identities {
  /**
   * What companies know the person by who signs in: from the ID token where the tenant puts that there, else from
   * userinfo, which is asked for only while there are companies.
   *
   * @throws also where it cannot be learned: such a session could not be ended by its company, nor be told from one
   *   that another company's provider has asserted
   */
  learn: (tokens: SessionTokens) => Promise<readonly CompanyName[] | undefined>
  /** The same, from claims alone. @returns undefined where they do not say */
  saidBy: (claims: Partial<Claims>) => readonly CompanyName[] | undefined
}

/**
 * @param config.companies as they are now
 * @param logto where userinfo is asked for
 */
export function companyIdentities({ companies }: Pick<LiveConfig, 'companies'>, logto: Logto): Identities {
  const domains = ownDomains(companies)

  function saidBy({ sso_identities: said, email }: Partial<Claims>): readonly CompanyName[] | undefined {
    const names = identities.safeParse(said).data?.flatMap(({ issuer, identityId, detail }) => {
      const addresses = [...new Set([email, detail.email])].filter((each) => typeof each === 'string' && each)
      for (const address of addresses as string[]) domains.check(issuer, address)
      // By the company's name of its issuer, as its own words are looked up.
      const company = domains.ofIssuer(issuer, readEmail(addresses[0] ?? '').domain)
      const known = company?.issuer ?? issuer
      return [
        identityName(known, identityId),
        ...addresses.map((each) => emailName(known, String(each))),
        ...(company ? [companyMark(company.id)] : []),
      ]
    })
    return names && [...new Set(names)]
  }

  return {
    saidBy,
    async learn(tokens) {
      const claims = typedClaims(decodeJwt<Claims>(tokens.idToken ?? ''))
      const said = saidBy(claims)
      if (said || companies.size === 0) return said
      const info = await askUserInfo(logto, { logto: tokens, claims })
      const names = saidBy({ ...claims, ...info })
      if (!names)
        throw new Error(
          'neither the ID token nor userinfo says who the person is at companies (sso_identities)',
        )
      return names
    },
  }
}
