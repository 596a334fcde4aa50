import type { Machine } from './machine.ts'
import { isReached, type RowResult } from './result.ts'

/**
 * The results as JSON on one line, for whoever compares runs: figures of four digits, and of each bound whether it
 * is reached.
 */
export function formatJson(results: readonly RowResult[], machine: Machine): string {
  const rows = results.map(({ lines, ...row }) => ({
    ...row,
    lines: lines.map((line) => ({ ...line, ...(line.reach && { reached: isReached(line) }) })),
  }))
  return JSON.stringify({ machine, rows }, (_name, value: unknown) =>
    typeof value === 'number' ? Number(value.toPrecision(4)) : value,
  )
}
