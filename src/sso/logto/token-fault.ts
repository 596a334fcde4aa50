import { errors } from 'jose'
import { isKeySetFault } from './logto-fault.ts'

/** Raised for a token that proves nothing here. Its message says which part is at fault, and nothing of the token. */
export class TokenError extends Error {
  override readonly name = 'TokenError'
  /** `form`, `signature`, or the name of a header parameter or claim. */
  readonly part: string

  constructor(part: string, cause?: unknown) {
    super(`the token is refused: ${part}`, { cause })
    this.part = part
  }
}

/** @throws TokenError where a part of a token is not as it has to be */
export function check(part: string, holds: boolean): asserts holds {
  if (!holds) throw new TokenError(part)
}

/**
 * What a token that anybody can send is refused with.
 *
 * @param error what `jwtVerify` raised
 * @returns a TokenError; the error itself where the keys could not be read, which says nothing of the token
 */
export function tokenFault(error: unknown): unknown {
  if (!(error instanceof errors.JOSEError) || isKeySetFault(error)) return error
  return new TokenError(partAtFault(error), error)
}

function partAtFault(error: errors.JOSEError): string {
  if (error instanceof errors.JWTClaimValidationFailed || error instanceof errors.JWTExpired)
    return error.claim
  if (error instanceof errors.JOSEAlgNotAllowed) return 'alg'
  const ofTheSignature = [
    errors.JWSSignatureVerificationFailed,
    errors.JWKSNoMatchingKey,
    errors.JWKSMultipleMatchingKeys,
  ]
  return ofTheSignature.some((kind) => error instanceof kind) ? 'signature' : 'form'
}
