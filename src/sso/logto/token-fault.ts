import { errors } from 'jose'
import { isKeySetFault } from './logto-fault.ts'

/**
 * What a token that anybody can send is refused with.
 *
 * @param error what `jwtVerify` raised
 * @param refusal makes the error, from the part at fault: `form`, `signature`, `alg`, or the name of a claim
 * @returns the refusal; the error itself where the keys could not be read, which says nothing of the token
 */
export function tokenFault(error: unknown, refusal: (part: string) => Error): unknown {
  if (!(error instanceof errors.JOSEError) || isKeySetFault(error)) return error
  return refusal(partAtFault(error))
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
