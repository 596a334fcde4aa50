import { AppError, type ErrorAction } from '../http/app-error.ts'
import type { LogtoMetadata } from '../logto/logto-metadata.ts'

/** Errors that speak of the person's choice or standing (RFC 6749 §4.1.2.1, OpenID Connect Core 1.0 §3.1.2.6). */
const personal = [
  'access_denied',
  'login_required',
  'interaction_required',
  'consent_required',
  'account_selection_required',
]

/** The way on that an error page offers, and further ones for somebody who was refused. */
interface WaysOn {
  again: () => ErrorAction
  others: () => readonly ErrorAction[]
}

type Query = Readonly<Record<string, unknown>>

/**
 * Reads the answer to an authorization request whose attempt is known.
 *
 * @param query the callback's parsed query
 * @param metadata Logto's
 * @param waysOn what an error page offers
 * @returns the authorization code
 * @throws AppError: 400 for another issuer's answer, a refusal or a missing code, 503 for an error of Logto's
 */
export function authorizationResponse(
  query: Query,
  { issuer, issInCallback }: LogtoMetadata,
  { again, others }: WaysOn,
): string {
  // RFC 9207 §2.4: compared before anything else is believed, the error included; absent only where never sent.
  if (query.iss === undefined ? issInCallback : query.iss !== issuer) {
    throw new AppError({ status: 400, code: 'issuer_mismatch', action: again() })
  }
  if (query.error !== undefined) throw refusal(query, { again, others })
  if (typeof query.code !== 'string' || query.code === '') {
    throw new AppError({ status: 400, code: 'code_missing', action: again() })
  }
  return query.code
}

function refusal({ error, error_description: description }: Query, { again, others }: WaysOn): AppError {
  const action = again()
  if (typeof error === 'string' && personal.includes(error)) {
    return new AppError({
      status: 400,
      code: error,
      words: error === 'access_denied' ? whyDenied(description) : error,
      action,
      others: others(),
    })
  }
  return new AppError({
    status: 503,
    code: 'authorization_failed',
    action,
    cause: new Error(`authorization error: ${String(error).slice(0, 64)}`),
  })
}

/**
 * What a person may read who was denied. One code stands for somebody who turned back, somebody who may not, and somebody
 * whose account is suspended; the description, which is written for developers (RFC 6749 §4.1.2.1), tells them apart, and
 * is shown to nobody.
 */
function whyDenied(description: unknown): string {
  if (typeof description !== 'string') return 'not_let_in'
  if (/abort|cancel/i.test(description)) return 'sign_in_cancelled'
  return /suspend|block|disabled/i.test(description) ? 'account_suspended' : 'not_let_in'
}
