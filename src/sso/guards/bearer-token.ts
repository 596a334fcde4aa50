import type { Request } from 'express'
import { AppError } from '../http/app-error.ts'

/** What a refusal says in `WWW-Authenticate` (RFC 6750 §3.1), each with the status it is for. */
const statuses = { invalid_request: 400, invalid_token: 401, insufficient_scope: 403 } as const

/**
 * The access token a request carries in its `Authorization` header (RFC 6750 §2.1). In the address it would end in
 * logs and histories, and nobody is served who sends it there (RFC 9700 §4.3.2).
 *
 * @returns the token; undefined where the request carries none
 * @throws AppError 400 `invalid_request`
 */
export function bearerToken(req: Request): string | undefined {
  if (req.query.access_token !== undefined) {
    throw bearerRefusal('invalid_request', { words: 'token_in_address' })
  }
  const header = req.get('authorization')
  if (header === undefined || !/^bearer\b/i.test(header)) return undefined
  const [, token] = /^bearer +([\w.~+/-]+=*)$/i.exec(header) ?? []
  if (!token) throw bearerRefusal('invalid_request', { words: 'bearer_malformed' })
  return token
}

/**
 * A refusal as RFC 6750 §3 has it.
 *
 * @param details.words what the caller reads
 * @param details.scope scopes it takes to be let in
 * @param details.cause goes to the log and nowhere else
 */
export function bearerRefusal(
  code: keyof typeof statuses,
  {
    scope,
    ...details
  }: {
    words: string
    scope?: readonly string[]
    params?: Record<string, string>
    cause?: unknown
  },
): AppError {
  const challenge = [`Bearer error="${code}"`, ...(scope ? [`scope="${scope.join(' ')}"`] : [])].join(', ')
  return new AppError({
    status: statuses[code],
    code,
    headers: { 'WWW-Authenticate': challenge },
    ...details,
  })
}
