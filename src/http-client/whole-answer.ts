import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'

/** Bytes an answer may have. Of those that are read here the longest, a list of connectors, has some thousands. */
const most = 1_000_000

/** Raised while a longer answer is being read; the rest is not waited for. */
export class AnswerTooLongError extends RangeError {
  override readonly name = 'AnswerTooLongError'
}

/** An answer with its body in memory. */
class WholeAnswer extends Response {}

/**
 * Reads an answer to its end, within a limit that holds for what it is once it is decompressed.
 *
 * @param response of `fetch`, whose time limit holds here as well
 * @returns the same answer, with its body in memory
 * @throws AnswerTooLongError for more than a megabyte
 */
export async function wholeAnswer(response: Response): Promise<Response> {
  return response instanceof WholeAnswer ? response : gather(response.body ?? [], response)
}

/**
 * @param body what comes of an answer
 * @param head what came before
 * @throws AnswerTooLongError for more than a megabyte; RangeError for a status that is none of an answer
 */
async function gather(
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { status, statusText, headers }: Pick<Response, 'status' | 'statusText' | 'headers'>,
): Promise<Response> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.byteLength
    if (size > most) throw new AnswerTooLongError(`the answer is longer than ${most} bytes`)
    chunks.push(chunk)
  }
  return new WholeAnswer(allowsBody(status) ? Buffer.concat(chunks) : null, { status, statusText, headers })
}

/** Statuses whose answers have no body; `Response` refuses one (Fetch Standard, "null body status"). */
const allowsBody = (status: number) => ![101, 103, 204, 205, 304].includes(status)

/** A connection at rest is closed before most servers close it, perhaps under a request: after 4 s, as `fetch` does. */
const resting = { keepAlive: true, timeout: 4000 }

/**
 * What `fetch` sends too: firewalls refuse who names no agent. Unless told otherwise a server may compress its answer
 * (RFC 9110 §12.5.3), which is not read here.
 */
const usual = { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'node' }

const clients = new Map([
  ['http:', { module: http, agent: new http.Agent(resting) }],
  ['https:', { module: https, agent: new https.Agent(resting) }],
])

/**
 * `fetch` by Node.js's HTTP client, which takes a quarter of its CPU time, for calls as this app makes them: a text or
 * nothing is sent, and no redirect followed. Any other call is left to `fetch`.
 *
 * @returns the answer, read to its end
 * @throws AnswerTooLongError for more than a megabyte; the reason of `signal`; or an error with the code of what failed
 */
export const httpFetch: typeof fetch = async (input, init = {}) => {
  const { body, method = 'GET', redirect, signal } = init
  const url = input instanceof Request ? undefined : new URL(input)
  const client = url && clients.get(url.protocol)
  if (!client || redirect !== 'manual' || (body && typeof body !== 'string')) return fetch(input, init)
  const headers = { ...usual, ...Object.fromEntries(new Headers(init.headers)) }
  const options = { agent: client.agent, method, headers, ...(signal && { signal }) }
  try {
    return await new Promise((resolve, reject) => {
      const request = client.module.request(url, options, (message) =>
        gather(message, headOf(message)).then(resolve, reject),
      )
      request.on('error', reject)
      request.on('upgrade', (_message, socket) => {
        socket.destroy()
        reject(new Error('the server speaks another protocol, which nobody asked for'))
      })
      request.end(body)
    })
  } catch (error) {
    throw signal?.aborted ? signal.reason : error
  }
}

function headOf({ statusCode: status = 0, statusMessage: statusText = '', rawHeaders }: IncomingMessage) {
  const headers = new Headers()
  for (let at = 0; at < rawHeaders.length; at += 2)
    headers.append(rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '')
  return { status, statusText, headers }
}
