import { networkFault } from './network-fault.ts'

/**
 * Raised when Logto gives no answer: no connection, or none in time, or one that never ends. Its message says why, and
 * what helps.
 */
export class LogtoUnreachableError extends Error {
  override readonly name = 'LogtoUnreachableError'
}

/** Bytes an answer may have. Logto's longest, a key set or a set of tokens, have a few thousand. */
const maximumBytes = 1_000_000

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
      const response = await send(input, { ...init, redirect: 'manual', signal })
      const body = await readAtMost(maximumBytes, response)
      const { status, statusText, headers } = response
      return new Response(allowsBody(status) ? body : null, { status, statusText, headers })
    } catch (cause) {
      const { words, mend } = networkFault(cause)
      const why = signal.aborted ? `${words} (${timeout} ms)` : words
      throw new LogtoUnreachableError(`${addressOf(input)}: ${why}. ${mend}`, { cause })
    }
  }
}

async function readAtMost(limit: number, { body }: Response): Promise<Buffer<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body ?? []) {
    size += chunk.byteLength
    if (size > limit) throw new RangeError(`the answer is longer than ${limit} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Statuses whose answers have no body; `Response` refuses one (Fetch Standard, "null body status"). */
const allowsBody = (status: number) => ![101, 103, 204, 205, 304].includes(status)

function addressOf(input: Parameters<typeof fetch>[0]): string {
  const { origin, pathname } = new URL(input instanceof Request ? input.url : input)
  return origin + pathname
}
