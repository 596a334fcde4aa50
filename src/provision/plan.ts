import type { InEachLanguage, Text } from '../words/phrase.ts'
import { phrase } from './problem.ts'

/** One difference between what is and what should be; a secret is shown as such and not as its value. */
export type Change =
  | { field: InEachLanguage; add: readonly Text[] }
  | { field: InEachLanguage; from?: Text | undefined; to: Text }

/** One thing in one of the tenants, and what has to happen to it. As a string, and in JSON, its words are English. */
export interface Step {
  /** Such as `Logto: enterprise connector “Okta”`. */
  resource: InEachLanguage
  action: 'create' | 'change' | 'leave'
  changes: readonly Change[]
  /** What the person should know of it, though nothing is done about it. */
  notes: readonly InEachLanguage[]
  /** Does it; called only when there is something to do, after the steps before it. */
  apply(): Promise<void>
}

export const SECRET = phrase`(secret)`

/** Entries of a list that has to hold more; what others have put there stays. */
export function additions(
  field: InEachLanguage,
  current: readonly string[],
  wanted: readonly string[],
): Change[] {
  const add = wanted.filter((entry) => !current.includes(entry))
  return add.length > 0 ? [{ field, add }] : []
}

/** A single value that has to be another. */
export function replacement(field: InEachLanguage, current: Text | undefined, wanted: Text): Change[] {
  return current === wanted ? [] : [{ field, from: current, to: wanted }]
}

/** A list with what is missing at its end. */
export const union = (current: readonly string[], wanted: readonly string[]): string[] => [
  ...new Set([...current, ...wanted]),
]

export const isToDo = ({ action }: Step): boolean => action !== 'leave'
