import { LogtoRequestError } from '@logto/express'
import type { ClientAdapter } from '@logto/node'
import { z } from 'zod'
import { isExpiredSecret } from '../../http-client/expired-secret.ts'
import { networkFault } from '../../http-client/network-fault.ts'
import { wholeAnswer } from '../../http-client/whole-answer.ts'
import type { LogtoConfig } from '../../settings/config.ts'
import { isBounded } from './verify/claims.ts'

const word = z.string().regex(/^[\w.:-]{1,64}$/)

/** Logto's error answers carry `code`; other OpenID providers' carry `error` (RFC 6749 §5.2). */
const errorCode = z.union([
  z.object({ code: word }).transform(({ code }) => code),
  z.object({ error: word }).transform(({ error }) => `oidc.${error}`),
])

const described = z.object({ error_description: z.string() })

/** The code of an error that only Logto's words tell from others. */
export const expiredSecret = 'oidc.client_secret_expired'

/**
 * How the SDK sends requests: as the client itself (`client_secret_basic`) unless the SDK says otherwise. Unlike
 * the SDK's own requester it prints nothing, ends in time, and takes an empty answer for an answer.
 *
 * @param credentials the app's ID and secret
 * @param send `fetch` with a time limit
 * @returns a requester that raises LogtoRequestError for an answer other than 2xx or one that is not JSON
 */
export function logtoRequester(
  { appId, appSecret }: Pick<LogtoConfig, 'appId' | 'appSecret'>,
  send: typeof fetch,
): ClientAdapter['requester'] {
  // RFC 6749 §2.3.1: both are form-encoded before they are joined.
  const credentials = Buffer.from(`${formEncode(appId)}:${formEncode(appSecret)}`).toString('base64')
  return async (input, init) => {
    const headers = new Headers(init?.headers)
    if (!headers.has('authorization')) headers.set('authorization', `Basic ${credentials}`)
    headers.set('accept', 'application/json')
    const response = await send(input, { ...init, headers })
    const body = parseObject(await response.text())
    if (response.ok && body) return body
    const code =
      errorCode.safeParse(body).data ?? (response.ok ? 'unreadable_answer' : `http_${response.status}`)
    const { error_description: words = '' } = described.safeParse(body).data ?? {}
    if (isExpiredSecret({ code, words })) {
      const fault = `Logto answered ${response.status}: the secret in LOGTO_APP_SECRET has expired; create a new one in the Logto console`
      throw new LogtoRequestError(expiredSecret, fault, response)
    }
    // Logto's own words stay out: what a server repeats of a request may be a code or a token.
    throw new LogtoRequestError(code, `Logto answered ${response.status}`, response)
  }
}

function formEncode(value: string): string {
  return new URLSearchParams({ value }).toString().slice('value='.length)
}

/** @returns the object the text holds; an empty one for an empty text (RFC 7009 §2.2), undefined for anything else */
function parseObject(text: string) {
  try {
    const value = JSON.parse(text || '{}')
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject && isBounded(value) ? value : undefined
  } catch {
    return undefined
  }
}

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
