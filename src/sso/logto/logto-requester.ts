import { LogtoRequestError } from '@logto/express'
import type { ClientAdapter } from '@logto/node'
import { z } from 'zod'
import { isExpiredSecret } from '../../http-client/expired-secret.ts'
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
