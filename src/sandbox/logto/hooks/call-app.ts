import type { CallEnd } from '../control/event-log.ts'

/** Milliseconds an application has to answer. */
const LIMIT = 5000
const LONGEST_ANSWER = 10_000

/** Sends a POST to an application. Where it is away or slow, that is what is told: nothing is thrown. */
export async function callApp(url: string, headers: Record<string, string>, body: string): Promise<CallEnd> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(LIMIT),
    })
    return { status: response.status, body: (await response.text()).slice(0, LONGEST_ANSWER) }
  } catch (error) {
    return { status: undefined, body: '', problem: problemOf(error) }
  }
}

function problemOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no answer'
  if (error.name === 'TimeoutError') return `no answer within ${LIMIT / 1000} s`
  const cause = error.cause instanceof Error ? error.cause : error
  return 'code' in cause ? String(cause.code) : cause.message
}
