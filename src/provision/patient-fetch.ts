import { setTimeout as wait } from 'node:timers/promises'
import { ProxiedCallError, throughProxy } from '../http-client/through-proxy.ts'
import { AnswerTooLongError, wholeAnswer } from '../http-client/whole-answer.ts'
import type { ProxyFor } from '../settings/proxy.ts'
import type { InEachLanguage, Text } from '../words/phrase.ts'
import { ProvisionError, phrase } from './problem.ts'
import { Secrets } from './secrets.ts'
import { withoutEchoes } from './without-echoes.ts'

/** Limit of one call, in milliseconds. Creating a connector makes Logto call Okta within it. */
const TIMEOUT = 20_000
/** Longest wait that is taken, in seconds. Okta's windows are a minute long. */
const LONGEST_WAIT = 120
const TRIES = 6
const FIRST_GUESS = 2

export interface PatientFetchOptions {
  /** A test's in place of the real `fetch`. */
  send?: typeof fetch
  /** Told of each wait, so that nobody takes it for a hang. */
  report?: (line: InEachLanguage) => void
  /** Waits for so many milliseconds; a test's need not. */
  pause?: (milliseconds: number) => Promise<unknown>
}

/**
 * `fetch` for management APIs: limited in time and size, patient with rate limits, and with no secret in its refusals.
 *
 * @param options.secrets is told of all that come up
 * @param options.proxyFor which proxy an address is called through
 * @throws ProvisionError when nobody answers in time, or the server asks for too much patience
 */
export const managementFetch = ({
  secrets = new Secrets(),
  proxyFor,
  send = fetch,
  ...options
}: PatientFetchOptions & { secrets?: Secrets; proxyFor?: ProxyFor | undefined }): typeof fetch =>
  withoutEchoes(patientFetch({ ...options, send: throughProxy(send, proxyFor) }), secrets)

/**
 * Waits as long as the server says where it is called too often, and goes on. Redirects are not followed, since
 * credentials would go along. It has read the whole answer when it returns.
 */
function patientFetch({
  send,
  report = () => {},
  pause = (ms) => wait(ms),
}: PatientFetchOptions & { send: typeof fetch }): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, { ...init, redirect: 'manual' })
    for (let tries = 1; ; tries += 1) {
      const response = await answerTo(request, send)
      if (response.status !== 429) return response
      const seconds = secondsToWait(response.headers, tries)
      const { host } = new URL(request.url)
      if (tries === TRIES || seconds > LONGEST_WAIT) {
        throw new ProvisionError(
          phrase`${host} is called too often, and asks to wait for ${seconds} s more.`,
          phrase`Run provision again then; it goes on where it stopped.`,
        )
      }
      report(phrase`${host} is called too often (429); waiting for ${seconds} s, as it asks`)
      await pause(seconds * 1000)
    }
  }
}

async function answerTo(request: Request, send: typeof fetch): Promise<Response> {
  try {
    return await wholeAnswer(await send(request.clone(), { signal: AbortSignal.timeout(TIMEOUT) }))
  } catch (cause) {
    const { origin, pathname, host } = new URL(request.url)
    if (cause instanceof AnswerTooLongError) {
      throw new ProvisionError(
        phrase`${origin}${pathname} answers with more than a megabyte, which is not read.`,
        phrase`Check the address: neither Logto nor Okta gives such long answers there.`,
        { cause },
      )
    }
    if (cause instanceof ProxiedCallError) {
      throw new ProvisionError(
        phrase`${origin} does not answer: ${reasonOf(cause.cause)}, asked through the proxy ${cause.proxy}.`,
        phrase`Check the address for mistakes, that ${host} is up, and that the proxy may reach it (put a host that needs no proxy into NO_PROXY).`,
        { cause },
      )
    }
    throw new ProvisionError(
      phrase`${origin} does not answer: ${reasonOf(cause)}.`,
      phrase`Check the address for mistakes, that ${host} is up, and that this machine may reach it.`,
      { cause },
    )
  }
}

/** The words of whatever happened on the wire; `fetch` itself says no more than that it failed. */
function reasonOf(error: unknown): Text {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return phrase`nothing came within ${TIMEOUT / 1000} s`
  const inner = error.cause
  if (inner instanceof Error) return inner.message || ('code' in inner ? String(inner.code) : inner.name)
  return error.message
}

/**
 * How long to wait: as `Retry-After` says (RFC 9110 §10.2.3), or until Okta's `X-Rate-Limit-Reset` by Okta's own clock;
 * where neither is given, twice as long each time.
 */
function secondsToWait(headers: Headers, tries: number): number {
  const now = Date.parse(headers.get('date') ?? '') || Date.now()
  const retryAfter = headers.get('retry-after')?.trim()
  if (retryAfter && /^\d+$/.test(retryAfter)) return Number(retryAfter)
  // A date begins with the day's name; of much else `Date.parse` makes one as well.
  const date = /^[a-z]/i.test(retryAfter ?? '') ? Date.parse(retryAfter ?? '') : Number.NaN
  if (!Number.isNaN(date)) return secondsUntil(date, now)
  const reset = headers.get('x-rate-limit-reset')?.trim()
  if (reset && /^\d+$/.test(reset)) return secondsUntil(Number(reset) * 1000, now) + 1
  return FIRST_GUESS ** tries
}

const secondsUntil = (moment: number, now: number) => Math.max(0, Math.ceil((moment - now) / 1000))
