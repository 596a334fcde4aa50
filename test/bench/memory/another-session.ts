import { randomBytes } from 'node:crypto'
import { fromText, isOfCompany, namesOf, type SessionName } from '../../../src/sso/session/session-data.ts'

/** Whatever is long and random. */
const random = /[\w-]{32,}/g

/**
 * A session of the same size as a real one that has no token, person or session ID in common with it, so that
 * nothing can be shared in memory.
 *
 * @param row a real session as JSON
 */
export function anotherSession(row: string): string {
  const { sub = '' } = fromText(row).claims ?? {}
  const anew = randomText(sub.length)
  return row.replaceAll(`"${sub}"`, `"${anew}"`).replace(random, (text) => randomText(text.length))
}

const randomText = (length: number) => randomBytes(length).toString('base64url').slice(0, length)

/** The names that such a session goes by, of somebody who has no company. */
export const namesIn = (row: string): SessionName[] =>
  namesOf(fromText(row)).filter((name) => !isOfCompany(name))
