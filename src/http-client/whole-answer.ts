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
export async function gather(
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
