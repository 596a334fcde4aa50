import type { JWTHeaderParameters } from 'jose'

/** What a code is given for. */
export interface Tokens {
  claims?: Record<string, unknown>
  header?: Partial<JWTHeaderParameters>
  /** The ID token as a whole, in place of a good one. */
  idToken?: string
  /** The key that signs: the present one, one that is in the key set for other uses, or one nobody knows. */
  key?: 'present' | 'rsa' | 'stranger'
}

/** How the fake answers one kind of call instead of well. */
export type Answer = (init: RequestInit | undefined) => Promise<Response>

export function tokenAnswer(
  idToken: string,
  { refreshToken = 'the-refresh-token', accessToken = 'the-access-token', expiresIn = 3600 } = {},
): Response {
  return Response.json({
    access_token: accessToken,
    refresh_token: refreshToken,
    id_token: idToken,
    token_type: 'Bearer',
    expires_in: expiresIn,
    scope: 'openid offline_access profile email',
  })
}

/** An error as Logto answers it. */
export function refuse(status: number, error: string): Response {
  return Response.json({ code: `oidc.${error}`, message: 'Refused.', error }, { status })
}

/** No answer until the caller gives up. */
export const hang: Answer = (init) =>
  new Promise((_resolve, reject) => {
    init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))
  })

/** No connection. */
export const down: Answer = async () => {
  throw new TypeError('fetch failed')
}

/** An answer that begins, and then goes on as told. */
const streamed = (
  start: (stream: ReadableStreamDefaultController, signal?: AbortSignal | null) => void,
): Answer => {
  return async (init) => new Response(new ReadableStream({ start: (stream) => start(stream, init?.signal) }))
}

/** Begins to answer and never ends. */
export const stall = streamed((stream, signal) => {
  stream.enqueue(new TextEncoder().encode('{'))
  signal?.addEventListener('abort', () => stream.error(signal.reason))
})

/** Begins to answer and breaks off. */
export const breakOff = streamed((stream) => {
  stream.enqueue(new TextEncoder().encode('{'))
  stream.error(new TypeError('terminated'))
})

/** Answers more than anybody would read. */
export const flood: Answer = async () =>
  new Response(new ReadableStream({ pull: (stream) => stream.enqueue(new Uint8Array(100_000).fill(0x20)) }))
