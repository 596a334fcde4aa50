import type { Examination } from './examination.ts'

export type Status = 'ok' | 'warning' | 'broken' | 'unknown' | 'skipped'

/** What a check has found out about its link. */
export interface Finding {
  /** `unknown`: there was an answer, and it says nothing either way. */
  status: Exclude<Status, 'skipped'>
  /** What was tried, in a few words; addresses without what is secret in them. */
  tried: string
  /** What came back. */
  answer: string
  /** What that means, where it is not well. */
  meaning?: string
  /** Where to fix it, and the exact value. */
  fix?: string
  /** Whether the links behind this one cannot be tried. Without it: where it is broken. */
  blocks?: boolean
}

/** A link that was left alone, and why. */
export interface NotTried {
  status: 'skipped'
  /** What would have been tried. */
  tried: string
  /** What it waited for, in words that follow “not tried: ”. */
  because: string
}

/** One link of the chain from the app to Okta. */
export interface Check {
  /** Stable, for programs. */
  id: string
  title: string
  /** IDs of the checks that have to be passed before this one says anything. */
  needs: readonly string[]
  examine(on: Examination): Promise<Finding | NotTried>
}

/** What is reported of a check. */
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

export const notTried = (tried: string, because: string): NotTried => ({ status: 'skipped', tried, because })
