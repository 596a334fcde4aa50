import type { Bench } from '../bench.ts'
import type { ContenderName } from '../contenders/names.ts'
import type { Line, Reach } from '../report/result.ts'
import type { Entrant } from './entrant.ts'

interface Path {
  id: string
  /** What the table calls it. */
  path: string
}

/** A row in which contenders race. */
export interface Race extends Path {
  /** The contender that the others are compared with. */
  reference: ContenderName
  /** What the ratios of ours to it shall be. */
  reach: Partial<Record<ContenderName, Reach>>
  /** Starts the contenders of one round. @returns them, ready for their turns, or why there are none */
  entrants: (bench: Bench) => Promise<Entrant[] | string>
}

/** A row about this app alone. */
export interface Survey extends Path {
  /** @returns the figures, or why there are none */
  measure: (bench: Bench) => Promise<Line[] | string>
}

/** A row of the table: one path, and how it is measured. */
export type Row = Race | Survey
