import { LogtoRequestError } from '@logto/express'
import type { ClientAdapter } from '@logto/node'
import { errors } from 'jose'
import { z } from 'zod'

type Requester = ClientAdapter['requester']

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
  const isDecimal = typeof value === 'string' && /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(value)
  const seconds = isDecimal ? Number(value) : value
  if (typeof seconds !== 'number') return usual
  return Math.max(-longest, Math.min(Math.ceil(seconds), longest))
}
