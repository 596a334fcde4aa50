import type { InEachLanguage, Text } from '../words/phrase.ts'
import type { Examination } from './examination.ts'

export type Status = 'ok' | 'warning' | 'broken' | 'unknown' | 'skipped'

/** What a check has found out about its link. */
export interface Finding {
  /** `unknown`: there was an answer, and it says nothing either way. */
  status: Exclude<Status, 'skipped'>
  /** What was tried, in a few words; addresses without what is secret in them. */
  tried: Text
  /** What came back. */
  answer: Text
  /** What that means, where it is not well. */
  meaning?: Text
  /** Where to fix it, and the exact value. */
  fix?: Text
  /** Whether the links behind this one cannot be tried. Without it: where it is broken. */
  blocks?: boolean
}

/** A link that was left alone, and why. */
export interface NotTried {
  status: 'skipped'
  /** What would have been tried. */
  tried: Text
  /** What it waited for, in words that follow “not tried: ”. */
  because: Text
}

/** One link of the chain from the app to Okta. */
export interface Check {
  /** Stable, for programs. */
  id: string
  title: InEachLanguage
  /** IDs of the checks that have to be passed before this one says anything. */
  needs: readonly string[]
  examine(on: Examination): Promise<Finding | NotTried>
}

/** What is reported of a check, in one language. */
export interface Result {
  id: string
  title: string
  status: Status
  tried: string
  answer: string
  meaning?: string
  fix?: string
  because?: string
}

export const notTried = (tried: Text, because: Text): NotTried => ({ status: 'skipped', tried, because })
