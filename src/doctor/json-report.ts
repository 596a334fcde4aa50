import type { Result } from './check.ts'

/** The results for programs: whether all is well, the IDs of what is not, and every result. Ends with a line end. */
export function jsonReport(results: readonly Result[]): string {
  const idsOf = (status: Result['status']) => results.filter((r) => r.status === status).map(({ id }) => id)
  const broken = idsOf('broken')
  const unknown = idsOf('unknown')
  const ok = broken.length === 0 && unknown.length === 0
  return `${JSON.stringify({ ok, broken, unknown, warnings: idsOf('warning'), results }, null, 2)}\n`
}
