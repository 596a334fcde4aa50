import { networkFault } from '../../http-client/network-fault.ts'
import { wholeAnswer } from '../../http-client/whole-answer.ts'

/**
 * Raised when Logto gives no answer: no connection, or none in time, or one that never ends. Its message says why, and
 * what helps.
 */
export class LogtoUnreachableError extends Error {
  override readonly name = 'LogtoUnreachableError'
}

/**
 * `fetch` with a limit for the whole exchange, the body included. Redirects are not followed: the code and its
 * verifier would go along to wherever they point (RFC 9700 §4.12).
 *
 * @param send the real `fetch`, or a test's
 * @param timeout limit in milliseconds
 * @returns a function that has read the whole answer when it returns
 * @throws LogtoUnreachableError when there is no whole answer in time
 */
export function fetchWithin(send: typeof fetch, timeout: number): typeof fetch {
  return async (input, init) => {
    const signal = AbortSignal.timeout(timeout)
    try {
      return await wholeAnswer(await send(input, { ...init, redirect: 'manual', signal }))
    } catch (cause) {
      const { words, fix } = networkFault(cause)
      const why = signal.aborted ? `${words} (${timeout} ms)` : words
      throw new LogtoUnreachableError(`${addressOf(input)}: ${why}. ${fix}`, { cause })
    }
  }
}

function addressOf(input: Parameters<typeof fetch>[0]): string {
  const { origin, pathname } = new URL(input instanceof Request ? input.url : input)
  return origin + pathname
}
