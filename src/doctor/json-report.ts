import { visibleLines } from '../settings/visible.ts'
import type { Result } from './check.ts'

/** The results for programs: whether all is well, the IDs of what is not, and every result. Ends with a line end. */
export function jsonReport(results: readonly Result[]): string {
  const idsOf = (status: Result['status']) => results.filter((r) => r.status === status).map(({ id }) => id)
  const broken = idsOf('broken')
  const unknown = idsOf('unknown')
  const ok = broken.length === 0 && unknown.length === 0
  const report = { ok, broken, unknown, warnings: idsOf('warning'), results }
  // JSON leaves some of what a terminal obeys as it is, and can be read with it written otherwise.
  return `${visibleLines(JSON.stringify(report, null, 2))}\n`
}
