import type { Result } from './check.ts'

/** The results for programs: whether all is well, the IDs of what is not, and every result. Ends with a line end. */
export function jsonReport(results: readonly Result[]): string {
  const idsOf = (status: Result['status']) => results.filter((r) => r.status === status).map(({ id }) => id)
  const broken = idsOf('broken')
  return `${JSON.stringify({ ok: broken.length === 0, broken, warnings: idsOf('warning'), results }, null, 2)}\n`
}
