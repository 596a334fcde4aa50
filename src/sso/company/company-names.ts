import { createHash } from 'node:crypto'
import { readEmail } from '../../settings/values/email-domain.ts'
import type { CompanyName } from '../session/session-data.ts'

/**
 * What sessions of a person are found by when their company speaks of them. A hash, since each session keeps it, and
 * the store shall not say who works where.
 *
 * @param issuer the company's, as `SSO_CONNECTORS` has it
 * @param id the person's, at the company's provider
 */
export const identityName = (issuer: string, id: string): CompanyName => `identity:${hash(issuer, id)}`

/** The same, by the address that the company knows the person by, in any case. */
export const emailName = (issuer: string, address: string): CompanyName =>
  `identity-email:${hash(issuer, readEmail(address).address.toLowerCase())}`

const hash = (...words: string[]) =>
  createHash('sha256').update(JSON.stringify(words)).digest('base64url').slice(0, 22)
