import type { IdTokenClaims } from '@logto/node'
import type { Request } from 'express'
import { decodeJwt } from 'jose'
import { sessionOf } from '../sessions/session-data.ts'

/** What a page may know of the visitor. */
export type Visitor = { isAuthenticated: false } | { isAuthenticated: true; claims: IdTokenClaims }

/**
 * Who is signed in. As in Logto's SDK that is whoever has an ID token; it was verified before it came into the
 * session, so its claims are only decoded here and no call leaves the process.
 */
export function visitorOf(req: Request): Visitor {
  const idToken = sessionOf(req).logto?.idToken
  if (!idToken) return { isAuthenticated: false }
  return { isAuthenticated: true, claims: decodeJwt<IdTokenClaims>(idToken) }
}
