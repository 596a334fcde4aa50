import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { EnterpriseConnector } from '../../settings/config.ts'
import { readEmail } from '../../settings/values/email-domain.ts'
import { namesOfIssuer } from '../company/company-keys.ts'
import { emailName, identityName } from '../company/company-names.ts'
import type { OwnDomains } from '../company/own-domains.ts'
import { isIdentifier } from '../logto/verify/id-token.ts'
import type { CompanyName } from '../session/session-data.ts'

/** A subject identifier (RFC 9493 §3), in the two formats that Okta writes (§3.2.2, §3.2.4). */
const identifier = z.discriminatedUnion('format', [
  z.object({ format: z.literal('iss_sub'), iss: z.string().max(2048), sub: z.string().refine(isIdentifier) }),
  z.object({
    format: z.literal('email'),
    email: z
      .string()
      .max(320)
      .refine((text) => readEmail(text).domain !== ''),
  }),
])
type Identifier = z.output<typeof identifier>

/** `sub_id` since the third draft, and `subject` before; both, where they say the same. */
const request = z
  .object({ sub_id: z.unknown().optional(), subject: z.unknown().optional() })
  .refine(
    ({ sub_id, subject }) =>
      sub_id === undefined || subject === undefined || isDeepStrictEqual(sub_id, subject),
  )
  .transform(({ sub_id, subject }) => sub_id ?? subject)
  .pipe(identifier)

/** @returns whom a request is about; undefined for what is no such request, or in another format */
export const subjectIn = (body: unknown): Identifier | undefined => request.safeParse(body).data

/**
 * What sessions of somebody go by, of whom a company speaks.
 *
 * @param companies those that ask, which are one org's
 * @param domains whose each domain is
 * @returns the names; or that it is not theirs to say (`foreign`), or that nobody here knows which addresses are theirs
 *   (`unknown_domains`)
 */
export function namesOfSubject(
  subject: Identifier,
  companies: readonly EnterpriseConnector[],
  domains: Pick<OwnDomains, 'speaksFor'>,
): CompanyName[] | 'foreign' | 'unknown_domains' {
  if (subject.format === 'iss_sub') {
    const { iss, sub } = subject
    const names = companies
      .filter(({ issuer }) => namesOfIssuer(issuer).includes(iss))
      .map(({ issuer }) => identityName(issuer, sub))
    return names.length > 0 ? names : 'foreign'
  }
  const { email } = subject
  const speaking = companies.filter((company) => domains.speaksFor(company, readEmail(email).domain))
  if (speaking.length > 0) return speaking.map(({ issuer }) => emailName(issuer, email))
  const areUnknown = companies.every(({ domains, otherDomains }) => domains.length === 0 && !otherDomains)
  return areUnknown ? 'unknown_domains' : 'foreign'
}
