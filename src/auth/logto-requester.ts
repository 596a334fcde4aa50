import { LogtoRequestError } from '@logto/express'
import type { ClientAdapter } from '@logto/node'
import { z } from 'zod'
import type { LogtoConfig } from '../config.ts'

/** Logto's error answers carry `code` and `message`; other OpenID providers' carry `error` (RFC 6749 §5.2). */
const errorAnswer = z.union([
  z.object({ code: z.string(), message: z.string() }),
  z
    .object({ error: z.string(), error_description: z.string().default('') })
    .transform(({ error, error_description }) => ({ code: `oidc.${error}`, message: error_description })),
])

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
    const response = await send(input, {
      ...init,
      headers: { authorization: `Basic ${credentials}`, accept: 'application/json', ...init?.headers },
    })
    const body = parseJson(await response.clone().text())
    if (response.ok && body !== undefined) return body
    const { data } = errorAnswer.safeParse(body)
    const code = data?.code ?? (response.ok ? 'unreadable_answer' : `http_${response.status}`)
    throw new LogtoRequestError(code, data?.message ?? '', response)
  }
}

function formEncode(value: string): string {
  return new URLSearchParams({ value }).toString().slice('value='.length)
}

/** @returns what the text says, an empty object for an empty text (RFC 7009 §2.2), undefined if it is not JSON */
function parseJson(text: string) {
  try {
    return JSON.parse(text || '{}')
  } catch {
    return undefined
  }
}
