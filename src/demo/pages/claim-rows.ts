type Claims = Readonly<Record<string, unknown>>

/** One claim as a table shows it. */
export interface ClaimRow {
  name: string
  text: string
  /** What it says, where it is a time. */
  time: Date | undefined
  /** Who says so. */
  sources: string[]
}

/** Claims that are times, in seconds by the standards (RFC 7519 §2, OpenID Connect Core 1.0 §2). */
const times = ['iat', 'exp', 'nbf', 'auth_time', 'session_expiry', 'updated_at', 'created_at']

/** Larger numbers are milliseconds, in which Logto gives `updated_at` and `created_at`. */
const largestSeconds = 100_000_000_000

const lineLength = 60

/**
 * Claims as they came, a row each. What several sources say alike stands once; where they differ, each has its row.
 *
 * @param sources claims by the name of who says so
 */
export function claimRows(sources: Readonly<Record<string, Claims>>): ClaimRow[] {
  const rows = new Map<string, ClaimRow>()
  for (const [source, claims] of Object.entries(sources)) {
    for (const [name, value] of Object.entries(claims)) {
      const text = typeof value === 'string' ? value : written(value)
      const key = JSON.stringify([name, text])
      const time = times.includes(name) && typeof value === 'number' ? toTime(value) : undefined
      const row = rows.get(key) ?? { name, text, time, sources: [] }
      rows.set(key, row)
      row.sources.push(source)
    }
  }
  // The rows of one claim side by side, in the order in which the claims came.
  const names = [...new Set([...rows.values()].map(({ name }) => name))]
  return [...rows.values()].sort((a, b) => names.indexOf(a.name) - names.indexOf(b.name))
}

/** On one line, if it is short. */
function written(value: unknown): string {
  const line = JSON.stringify(value) ?? ''
  return line.length <= lineLength ? line : JSON.stringify(value, null, 2)
}

function toTime(value: number): Date | undefined {
  const time = new Date(value < largestSeconds ? value * 1000 : value)
  return Number.isNaN(time.getTime()) ? undefined : time
}
