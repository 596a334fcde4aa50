import type { Spread } from './statistics.ts'

export type Unit = '/s' | 'ms' | 'µs' | 'bytes' | 'MB' | 'rows' | '×'

/** What is to be reached: by the ratio if a line has one, else by its median. */
export type Reach = { atLeast: number } | { atMost: number }

/** One figure. */
export interface Line {
  /** A contender, or what was measured. */
  what: string
  unit: Unit
  value: Spread
  /** Against the contender that the row is about, round by round. */
  ratio?: Spread
  /** CPU time of the contender's process for one answer, in microseconds; busy neighbours change it little. */
  cpu?: Spread
  reach?: Reach
}

/** What was found out about one path. */
export interface RowResult {
  id: string
  path: string
  lines: Line[]
  /** Why the row is empty. */
  skipped?: string
}

/** @returns whether the line is where it should be; undefined when nothing is asked of it */
export function isReached({ value, ratio, reach }: Line): boolean | undefined {
  if (!reach) return undefined
  const { median } = ratio ?? value
  return 'atLeast' in reach ? median >= reach.atLeast : median <= reach.atMost
}
