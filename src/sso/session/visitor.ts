import type { Request } from 'express'
import { decodeJwt } from 'jose'
import { type Claims, typedClaims } from '../logto/verify/claims.ts'
import { recordOf } from '../request.ts'

/** The claims of the ID token of whoever is signed in. It was verified before it came into the session. */
export function claimsOf(req: Request): Claims | undefined {
  const idToken = recordOf(req).session?.logto.idToken
  return idToken === undefined ? undefined : typedClaims(decodeJwt<Claims>(idToken))
}
