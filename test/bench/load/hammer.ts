import autocannon from 'autocannon'

/** What every answer must be: this status, and this very text or one with all these words. */
export interface Expected {
  status: number
  text: string | string[]
}

/** One request, to be repeated. */
export interface Shot {
  url: string
  headers: Record<string, string>
  expected: Expected
}

export interface Hammering extends Shot {
  connections: number
  /** How long, or how many requests. */
  amount: { seconds: number } | { requests: number }
}

export interface Hammered {
  answers: number
  /** Answers a second. */
  rate: number
}

/**
 * Sends one request over and over, and looks at every answer.
 *
 * @throws Error when a single answer is not what it must be
 */
export async function hammer({ url, headers, expected, connections, amount }: Hammering): Promise<Hammered> {
  const { status, text } = expected
  const isRight =
    typeof text === 'string'
      ? (body: string) => body === text
      : (body: string) => text.every((words) => body.includes(words))
  let wrong: string | undefined
  const send = (much: { duration: number } | { amount: number }) =>
    autocannon({
      ...{ url, headers, connections, sampleInt: 50, ...much },
      verifyBody(body) {
        const right = isRight(body)
        if (!right) wrong ??= body
        return right
      },
    })
  let result = await send('seconds' in amount ? { duration: amount.seconds } : { amount: amount.requests })
  // A machine may be too busy for a single answer in that time: no reason to fail.
  if (result.requests.total === 0 && !result.errors) result = await send({ amount: connections })
  const { requests, statusCodeStats, errors, mismatches, start, finish } = result
  const statuses = Object.keys(statusCodeStats)
  if (errors || mismatches || statuses.join() !== String(status)) {
    throw new Error(
      `${url}: of ${requests.total} answers, ${mismatches} had another text and ${errors} failed; ` +
        `status ${statuses.join(', ') || 'none'}, expected ${status}. ${wrong?.slice(0, 500) ?? ''}`,
    )
  }
  return { answers: requests.total, rate: requests.total / ((finish.getTime() - start.getTime()) / 1000) }
}
