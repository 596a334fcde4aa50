import { randomBytes } from 'node:crypto'
import { slugOf } from '../../../src/settings/companies/connector.ts'
import { emailName, identityName } from '../../../src/sso/company/company-names.ts'
import type { NewRow } from '../../../src/sso/session/backend/session-backend.ts'
import {
  type CompanyName,
  companyMark,
  fromText,
  isSignedIn,
  namesOf,
  toText,
} from '../../../src/sso/session/session-data.ts'
import { anotherSession } from '../memory/another-session.ts'
import type { Size } from './size.ts'

/** A company by its number. */
export function companyOf(at: number) {
  const entry = { id: `connector${at}`.padEnd(21, 'x'), name: `Company ${at}` }
  return {
    ...entry,
    slug: slugOf(entry),
    issuer: `https://company-${at}.okta.example`,
    domains: [`company-${at}.example`],
  }
}

/** The company of a person: the first people are the crowd of the first one, all others are spread evenly. */
export const companyAt = (person: number, { crowd, companies }: Size) =>
  person < crowd ? 0 : 1 + (person % (companies - 1))

/** The person of a session. The last person has so many more than others. */
export const personAt = (session: number, { sessions, people }: Size) =>
  session < sessions ? session % people : people - 1

/**
 * A session of another person of another company, of the same size and shape as a real one, with nothing in common.
 *
 * @param real what the package has kept of a real one
 * @param lifetime milliseconds from now
 */
export function rowOf(
  real: NewRow,
  { person, company }: { person: number; company: number },
  lifetime: number,
): NewRow {
  const session = fromText(anotherSession(real.text))
  if (!isSignedIn(session)) throw new Error('nobody is signed in by that row')
  const { issuer, id, domains } = companyOf(company)
  const companyNames = session.companyNames?.map((name): CompanyName => {
    if (name.startsWith('identity:')) return identityName(issuer, `00u${person}`)
    if (name.startsWith('company:')) return companyMark(id)
    return emailName(issuer, `person-${person}@${domains[0]}`)
  })
  const now = Date.now()
  // In whole seconds, as tokens have it.
  const endsAt = Math.floor((now + lifetime) / 1000) * 1000
  const sub = `p${String(person).padStart(11, '0')}`
  const made = {
    ...session,
    ...{ tokensAt: now, startedAt: now, endsAt, freshUntil: endsAt },
    claims: { ...session.claims, sub },
    ...(companyNames && { companyNames }),
    logto: { ...session.logto, ...accessUntil(session.logto.accessToken, endsAt) },
  }
  const text = toText(made)
  return {
    ...{ id: randomBytes(24).toString('base64url'), text, names: namesOf(made), endsAt, since: now },
    provedAt: now,
  }
}

/** The SDK's access token, good for as long as the session. */
function accessUntil(accessToken = '{}', endsAt: number) {
  const tokens = JSON.parse(accessToken) as Record<string, { expiresAt: number }>
  for (const token of Object.values(tokens)) token.expiresAt = Math.floor(endsAt / 1000)
  return { accessToken: JSON.stringify(tokens) }
}

/**
 * @throws Error unless a made row is what a real one is: the same fields, names of the same kinds in the same order, and
 *   as many bytes, but for a few of a longer number or a shorter name
 */
export function assertSameShape(real: NewRow, made: NewRow): void {
  const shapes = [real, made].map(({ text, names }) =>
    JSON.stringify([fieldsOf(JSON.parse(text)), names.map((name) => name.replace(/:.*/, ''))]),
  )
  if (shapes[0] !== shapes[1]) throw new Error(`a session is made otherwise now:\n${shapes.join('\n')}`)
  const [much = 0, little = 0] = [real, made].map(({ text }) => Buffer.byteLength(text))
  if (Math.abs(much - little) > 40)
    throw new Error(`a made session has ${little} bytes, and a real one ${much}`)
}

const fieldsOf = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(fieldsOf)
    : typeof value === 'object' && value !== null
      ? Object.entries(value).map(([name, inside]) => [name, fieldsOf(inside)])
      : typeof value
