import { randomInt } from 'node:crypto'

const LOWER = 'abcdefghijklmnopqrstuvwxyz'
const DIGITS = '0123456789'
const ALPHANUMERIC = `${DIGITS}${LOWER}${LOWER.toUpperCase()}`
/** Without the letters that are mistaken for digits or for each other. */
const TYPABLE = 'abcdefghjkmnpqrstuvwxyz23456789'

const pick = (alphabet: string, length: number) =>
  Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('')

/** An ID as Logto makes them: lower-case letters and digits (12 for users and connectors, 21 for applications). */
export const logtoId = (length = 12): string => pick(`${DIGITS}${LOWER}`, length)

/** An ID as Okta makes them: 20 characters, the kind told by the first three (`00o` orgs, `00u` users, …). */
export const oktaId = (kind: '00o' | '00u' | '0oa' | '00g' | 'who' | '0ua'): string =>
  kind + pick(ALPHANUMERIC, 17)

/** A client secret or any other value nobody has to type. */
export const secret = (length: number): string => pick(ALPHANUMERIC, length)

/** A password a person can read off a terminal and type: three groups of four. */
export const typablePassword = (): string => [4, 4, 4].map((length) => pick(TYPABLE, length)).join('-')
