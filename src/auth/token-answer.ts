import type { ClientAdapter } from '@logto/node'

type Requester = ClientAdapter['requester']

/** Seconds an access token is taken to live whose answer does not say, as long as Logto's own do. */
const usual = 3600
/** Seconds that are believed at most, so that Logto is asked now and then whatever it once said. */
const longest = 86_400

/**
 * Has the answers of the token endpoint say how long the access token lives, as a number (RFC 6749 §5.1 only recommends
 * `expires_in`, and some servers write it as text). The SDK would reckon with what is not there, and a session would
 * never be renewed, or at each request.
 *
 * @param requester how the SDK sends requests
 */
export function readTokenAnswers(requester: Requester): Requester {
  return async <T>(...request: Parameters<Requester>): Promise<T> => {
    const answer = await requester<T & { expires_in?: unknown }>(...request)
    if (!asksForTokens(request[1])) return answer
    return { ...answer, expires_in: secondsIn(answer.expires_in) }
  }
}

/** RFC 6749 §4.1.3, §6: every such request names its grant type; a revocation does not. */
const asksForTokens = (init: RequestInit | undefined) =>
  typeof init?.body === 'string' && new URLSearchParams(init.body).has('grant_type')

/** A number counts however it is written; one below nought says that the token has run out already. */
function secondsIn(value: unknown): number {
  const isDecimal = typeof value === 'string' && /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(value)
  const seconds = isDecimal ? Number(value) : value
  if (typeof seconds !== 'number') return usual
  return Math.max(-longest, Math.min(Math.ceil(seconds), longest))
}
