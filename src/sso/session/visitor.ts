import type { IdTokenClaims } from '@logto/node'
import type { Request } from 'express'
import { decodeJwt } from 'jose'
import { typedClaims } from '../logto/verify/claims.ts'
import { signedInSession } from './session-data.ts'

/** What a page may know of the visitor. */
export type Visitor = { isAuthenticated: false } | { isAuthenticated: true; claims: IdTokenClaims }

/**
 * Who is signed in. The ID token was verified before it came into the session, so its claims are only decoded here and
 * no call leaves the process.
 */
export function visitorOf(req: Request): Visitor {
  const idToken = signedInSession(req)?.logto.idToken
  if (!idToken) return { isAuthenticated: false }
  return { isAuthenticated: true, claims: typedClaims(decodeJwt<IdTokenClaims>(idToken)) }
}
