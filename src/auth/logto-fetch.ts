/** Raised when Logto gives no answer: no connection, or none in time. */
export class LogtoUnreachableError extends Error {
  override readonly name = 'LogtoUnreachableError'
}

/**
 * `fetch` with a time limit for the whole exchange, the body included. Redirects are not followed, since the app's
 * secret would go along to wherever they point.
 *
 * @param send the real `fetch`, or a test's
 * @param timeout limit in milliseconds
 * @returns a function that reads the whole answer before it returns
 * @throws LogtoUnreachableError when there is no whole answer in time
 */
export function fetchWithin(send: typeof fetch, timeout: number): typeof fetch {
  return async (input, init) => {
    try {
      const response = await send(input, {
        redirect: 'manual',
        ...init,
        signal: AbortSignal.timeout(timeout),
      })
      const body = await response.arrayBuffer()
      const { status, statusText, headers } = response
      return new Response(allowsBody(status) ? body : null, { status, statusText, headers })
    } catch (cause) {
      throw new LogtoUnreachableError(`no answer from ${addressOf(input)} within ${timeout} ms`, { cause })
    }
  }
}

/** Statuses whose answers have no body; `Response` refuses one (Fetch Standard, "null body status"). */
const allowsBody = (status: number) => ![101, 103, 204, 205, 304].includes(status)

function addressOf(input: Parameters<typeof fetch>[0]): string {
  const { origin, pathname } = new URL(input instanceof Request ? input.url : input)
  return origin + pathname
}
