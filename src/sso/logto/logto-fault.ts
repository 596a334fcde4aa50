import { LogtoClientError, LogtoError, LogtoRequestError } from '@logto/express'
import { errors } from 'jose'
import { AppError, type ErrorAction } from '../http/app-error.ts'
import { NotLogtoError } from './logto-metadata.ts'
import { expiredSecret, LogtoUnreachableError } from './logto-requester.ts'

/**
 * Puts a fault of Logto's, met before anything could begin, into words a person may read.
 *
 * @param cause what was raised
 * @param details.words what the answer says where Logto gives none
 * @param details.unusable what it says where Logto gives one that is of no use; the same unless told otherwise
 * @returns a 503 that asks for another try; the cause itself where Logto has no part in it
 */
export function unavailable(
  cause: unknown,
  { words, unusable = words, ...details }: { words: string; unusable?: string; action?: ErrorAction },
): unknown {
  const isUnreachable = cause instanceof LogtoUnreachableError
  if (!isUnreachable && !(cause instanceof NotLogtoError) && !isKeySetFault(cause)) return cause
  return new AppError({
    status: 503,
    code: isUnreachable ? 'logto_unreachable' : 'not_logto',
    words: isUnreachable ? words : unusable,
    headers: { 'Retry-After': '5' },
    ...details,
    cause,
  })
}

/**
 * Puts a failed exchange of a code into words a person may read.
 *
 * @param cause what was raised
 * @param action the way on that the page offers
 * @returns a 400 where the code is at fault, a 503 where Logto or our settings are; the cause itself where neither
 */
export function exchangeFailed(cause: unknown, action: ErrorAction): unknown {
  if (cause instanceof LogtoRequestError && /(^|\.)invalid_grant$/.test(cause.code)) {
    return new AppError({
      status: 400,
      code: 'code_refused',
      action,
      cause,
    })
  }
  if (!upstreamErrors.some((kind) => cause instanceof kind)) return cause
  if (cause instanceof LogtoRequestError && cause.code === expiredSecret) {
    return new AppError({ status: 503, code: 'app_secret_expired', action, cause })
  }
  return new AppError({
    status: 503,
    code: cause instanceof errors.JOSEError && !isKeySetFault(cause) ? 'id_token_refused' : 'exchange_failed',
    words: cause instanceof LogtoUnreachableError ? 'sign_in_unavailable' : 'exchange_failed',
    action,
    cause,
  })
}

/**
 * Puts a fault, met while asking Logto for something for somebody who is signed in, into words a person may read.
 *
 * @param cause what was raised
 * @param words what the answer says while Logto is away
 * @returns a 503 where Logto does not answer or its answer is of no use; the cause itself where neither
 */
export function notGiven(cause: unknown, words: string): unknown {
  const away = unavailable(cause, { words })
  const isUpstream = [...upstreamErrors, LogtoClientError].some((kind) => cause instanceof kind)
  if (away !== cause || !isUpstream) return away
  return new AppError({ status: 503, code: 'logto_refused', cause })
}

/** The key set could not be read, which says nothing of the token. */
export function isKeySetFault(cause: unknown): boolean {
  const codes = ['ERR_JOSE_GENERIC', 'ERR_JWKS_INVALID', 'ERR_JWKS_TIMEOUT']
  return cause instanceof errors.JOSEError && codes.includes(cause.code)
}

const upstreamErrors = [
  LogtoRequestError,
  LogtoError,
  LogtoUnreachableError,
  NotLogtoError,
  errors.JOSEError,
] as const
