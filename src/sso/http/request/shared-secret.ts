import { timingSafeEqual } from 'node:crypto'

/**
 * Whether somebody has sent a secret that proves them, or what was made with one: compared in a time that says nothing of
 * how much of it is right.
 *
 * @param right every one proves them
 */
export function isOneOf(given: string | undefined, right: readonly Buffer[]): boolean {
  const claimed = Buffer.from(given ?? '')
  const same = right.filter((each) => claimed.length === each.length && timingSafeEqual(claimed, each))
  return same.length > 0
}
