/** How a call to the application ended. */
export interface CallEnd {
  /** Undefined when there was no answer in time. */
  status: number | undefined
  body: string
  /** Why there was no answer. */
  problem?: string
}

const LONGEST_ANSWER = 10_000

/**
 * Calls an application. Where it is away or slow, that is what is told: nothing is thrown.
 *
 * @param limit milliseconds it has to answer
 */
export async function callApp(url: string, request: RequestInit, limit = 5000): Promise<CallEnd> {
  try {
    const response = await fetch(url, {
      ...request,
      redirect: 'manual',
      signal: AbortSignal.timeout(limit),
    })
    return { status: response.status, body: (await response.text()).slice(0, LONGEST_ANSWER) }
  } catch (error) {
    return { status: undefined, body: '', problem: problemOf(error, limit) }
  }
}

function problemOf(error: unknown, limit: number): string {
  if (!(error instanceof Error)) return 'no answer'
  if (error.name === 'TimeoutError') return `no answer within ${limit / 1000} s`
  const cause = error.cause instanceof Error ? error.cause : error
  return 'code' in cause ? String(cause.code) : cause.message
}
