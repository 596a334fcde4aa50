import { LogtoRequestError } from '@logto/express'
import type { ClientAdapter } from '@logto/node'
import { errors } from 'jose'
import { z } from 'zod'
import { isExpiredSecret } from '../../http-client/expired-secret.ts'
import { networkFault } from '../../http-client/network-fault.ts'
import { wholeAnswer } from '../../http-client/whole-answer.ts'
import type { LogtoConfig } from '../../settings/config.ts'
import { isBounded } from './verify/id-token.ts'

type Requester = ClientAdapter['requester']

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
): Requester {
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
      // In English, as the log is.
      const why = words.en + (signal.aborted ? ` (${timeout} ms)` : '')
      throw new LogtoUnreachableError(`${addressOf(input)}: ${why}. ${fix.en}`, { cause })
    }
  }
}

function addressOf(input: Parameters<typeof fetch>[0]): string {
  const { origin, pathname } = new URL(input instanceof Request ? input.url : input)
  return origin + pathname
}

/** Seconds an access token is taken to live whose answer does not say, as long as Logto's own do. */
const usual = 3600
/** Seconds that are believed at most, so that Logto is asked now and then whatever it once said. */
const longest = 86_400

/** RFC 6749 appendices A.12 and A.17. Each session keeps them, and Logto's own have 43 characters, or are short JWTs. */
const token = z.string().regex(/^[\x20-\x7e]{1,16384}$/)

/**
 * As much of an answer as anything here uses (RFC 6749 §5.1). Nobody here knows how to use a token that is no bearer
 * token. How long it lives the answer need not say, and some servers write it as text. What the ID token is, its
 * verifier finds out.
 */
const tokenAnswer = z.object({
  access_token: token,
  token_type: z.string().regex(/^bearer$/i),
  expires_in: z.unknown().optional().transform(secondsIn),
  refresh_token: token.optional().catch(undefined),
  id_token: z.unknown().optional(),
  scope: z.string().catch(''),
})

/**
 * Has the SDK get answers of the token endpoint that are what it takes them for: it checks none.
 *
 * @param requester how the SDK sends requests
 * @param keepRefreshToken told of the one in an answer that is of no use besides: the one before may be worth nothing
 *   from then on (RFC 9700 §4.14.2)
 * @returns a requester that also raises LogtoRequestError for an answer that holds no bearer token
 */
export function readTokenAnswers(
  requester: Requester,
  keepRefreshToken: (refreshToken: string) => Promise<void>,
): Requester {
  return async <T>(...request: Parameters<Requester>): Promise<T> => {
    const answer = await requester<T & Record<string, unknown>>(...request)
    const grantType = grantTypeIn(request[1])
    if (grantType === null) return answer
    const { data, error } = tokenAnswer.safeParse(answer)
    // OpenID Connect Core 1.0 §3.1.3.3 and §12.2: always there for a code, not always at a renewal.
    if (grantType === 'authorization_code' && !answer.id_token)
      throw new errors.JWTInvalid('there is no ID token')
    if (data) return data as T
    const refreshToken = token.safeParse(answer.refresh_token).data
    if (refreshToken) await keepRefreshToken(refreshToken)
    const [name = 'form'] = error.issues[0]?.path ?? []
    throw new LogtoRequestError('token_answer_refused', `Logto's token answer is refused: ${String(name)}`)
  }
}

/** RFC 6749 §4.1.3, §6: every such request names its grant type; a revocation does not. */
const grantTypeIn = (init: RequestInit | undefined) =>
  typeof init?.body === 'string' ? new URLSearchParams(init.body).get('grant_type') : null

/** A number counts however it is written; one below nought says that the token has run out already. */
function secondsIn(value: unknown): number {
  const isDecimal = typeof value === 'string' && /^\s*[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?\s*$/i.test(value)
  const seconds = isDecimal ? Number(value) : value
  if (typeof seconds !== 'number') return usual
  return Math.max(-longest, Math.min(Math.ceil(seconds), longest))
}
