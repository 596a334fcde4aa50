/** As much of autocannon as is used here; it brings no types of its own. */
declare module 'autocannon' {
  interface Options {
    url: string
    headers?: Record<string, string>
    connections: number
    /** Seconds. */
    duration?: number
    /** Requests, in place of a duration. */
    amount?: number
    /** Milliseconds between two looks at the clock. */
    sampleInt: number
    verifyBody: (body: string) => boolean
    /** Is called with each connection before it sends anything. */
    setupClient?: (client: { setRequests: (requests: { headers: Record<string, string> }[]) => void }) => void
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

  interface Run extends Promise<Result> {
    on: (
      event: 'response',
      listener: (client: unknown, status: number, bytes: number, milliseconds: number) => void,
    ) => void
  }

  export default function autocannon(options: Options): Run
}
