/** How a call to the application ended. */
export interface CallEnd {
  /** Undefined when there was no answer in time. */
  status: number | undefined
  body: string
  /** Why there was no answer. */
  problem?: string
}

const LONGEST_ANSWER = 10_000

interface CallOptions {
  /** Milliseconds it has to answer. */
  limit?: number
  /** Is told how the call ended, too. */
  ended?: (end: CallEnd) => void
}

/** Calls an application. Where it is away or slow, that is what is told: nothing is thrown. */
export async function callApp(
  url: string,
  request: RequestInit,
  { limit = 5000, ended = () => {} }: CallOptions = {},
): Promise<CallEnd> {
  const end = await endOf(url, request, limit)
  ended(end)
  return end
}

async function endOf(url: string, request: RequestInit, limit: number): Promise<CallEnd> {
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
