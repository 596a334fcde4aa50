import { setTimeout as pause } from 'node:timers/promises'
import autocannon from 'autocannon'
import { answerParent } from '../processes/commands.ts'
import { ask, headersOf, isSignedIn, isStranger } from './ask.ts'

interface Asked {
  url: string
  /** `BASE_URL`'s, whatever the process listens on. */
  host: string
  /** A session each. */
  cookies: string[]
}

export interface Pages {
  answers: number
  /** Answers a second. */
  rate: number
  /** Milliseconds of half of the answers, and of all but one in a hundred. */
  p50: number
  p99: number
}

const commands = {
  /** Asks for the page of one session after the other. @throws Error for an answer that is not a signed-in page */
  async pages(asked: Asked & { connections: number; seconds: number }): Promise<Pages> {
    const { url, host, cookies, connections, seconds } = asked
    const times: number[] = []
    let wrong: string | undefined
    let client = 0
    const share = Math.ceil(cookies.length / connections)
    const run = autocannon({
      ...{ url, connections, duration: seconds, sampleInt: 50 },
      setupClient(each) {
        const from = (client++ % connections) * share
        const own = cookies.slice(from, from + share)
        each.setRequests(
          (own.length > 0 ? own : cookies).map((cookie) => ({ headers: headersOf(host, cookie) })),
        )
      },
      verifyBody(body) {
        const isRight = isSignedIn(body)
        if (!isRight) wrong ??= body
        return isRight
      },
    })
    run.on('response', (_client, _status, _bytes, milliseconds) => times.push(milliseconds))
    const { requests, errors, mismatches, start, finish } = await run
    if (errors || mismatches || times.length === 0)
      throw new Error(
        `of ${requests.total} pages ${mismatches} were wrong and ${errors} failed. ${wrong?.slice(0, 500)}`,
      )
    const sorted = times.sort((one, other) => one - other)
    const part = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN
    const rate = requests.total / ((finish.getTime() - start.getTime()) / 1000)
    return { answers: requests.total, rate, p50: part(0.5), p99: part(0.99) }
  },
  /**
   * Has one person after the other ask for a page, so many a second, once the first of them is a stranger.
   *
   * @returns milliseconds until the first one was, and until the last one had asked
   * @throws Error where one of them is signed in still
   */
  async turnedAway({ url, host, cookies, each }: Asked & { each: number }) {
    const isOut = async (cookie: string) => {
      const { text } = await ask(url, headersOf(host, cookie))
      if (!isSignedIn(text) && !isStranger(text)) throw new Error(text.slice(0, 500))
      return isStranger(text)
    }
    const since = performance.now()
    const [first = '', ...others] = cookies
    while (!(await isOut(first))) await pause(20)
    const heard = performance.now() - since
    const answers = others.map(async (cookie, at) => {
      await pause((at * 1000) / each)
      return isOut(cookie)
    })
    if ((await Promise.all(answers)).includes(false))
      throw new Error('somebody of the company is signed in still')
    return { heard, all: performance.now() - since }
  },
}

export type ScaleLoadCommands = typeof commands

answerParent(commands)
