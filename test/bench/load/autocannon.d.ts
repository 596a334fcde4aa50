/** As much of autocannon as is used here; it brings no types of its own. */
declare module 'autocannon' {
  interface Options {
    url: string
    headers: Record<string, string>
    connections: number
    /** Seconds. */
    duration?: number
    /** Requests, in place of a duration. */
    amount?: number
    /** Milliseconds between two looks at the clock. */
    sampleInt: number
    verifyBody: (body: string) => boolean
  }

  interface Result {
    requests: { total: number }
    statusCodeStats: Record<string, { count: number }>
    /** Connections that failed, and requests that took too long. */
    errors: number
    /** Answers that `verifyBody` refused. */
    mismatches: number
    start: Date
    finish: Date
  }

  export default function autocannon(options: Options): Promise<Result>
}
