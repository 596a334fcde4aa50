type Claims = Readonly<Record<string, unknown>>

/** One claim as a table shows it. */
export interface ClaimRow {
  name: string
  text: string
  /** What it says, where it is a time. */
  time: Date | undefined
}

/** Claims that are times, in seconds by the standards (RFC 7519 §2, OpenID Connect Core 1.0 §2). */
const times = ['iat', 'exp', 'nbf', 'auth_time', 'session_expiry', 'updated_at', 'created_at']

/** Larger numbers are milliseconds, in which Logto gives `updated_at` and `created_at`. */
const largestSeconds = 100_000_000_000

const lineLength = 60

/** Claims, a row each, as they came. */
export function claimRows(claims: Claims): ClaimRow[] {
  return Object.entries(claims).map(([name, value]) => ({
    name,
    text: typeof value === 'string' ? value : written(value),
    time: times.includes(name) && typeof value === 'number' ? toTime(value) : undefined,
  }))
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
