/** Several measurements of one thing. */
export interface Spread {
  median: number
  least: number
  most: number
}

/** @throws RangeError for no measurement at all */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  const [low, high] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]]
  const [least, most] = [sorted[0], sorted.at(-1)]
  if (low === undefined || high === undefined || least === undefined || most === undefined) {
    throw new RangeError('nothing was measured')
  }
  return { median: (low + high) / 2, least, most }
}

/** What was measured once. */
export const once = (value: number): Spread => spreadOf([value])

/**
 * The ratio of two things measured in the same rounds, round by round: what slows the machine down for a while slows
 * both down.
 *
 * @throws RangeError when they were not measured in as many rounds
 */
export function ratioOf(values: readonly number[], references: readonly number[]): Spread {
  if (values.length !== references.length) throw new RangeError('measured in different rounds')
  return spreadOf(values.map((value, round) => value / (references[round] ?? Number.NaN)))
}
