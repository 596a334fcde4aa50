import type { Request } from 'express'
import { keepPersonal } from '../http/answer.ts'
import type { Claims } from '../logto/verify/id-token.ts'
import { claimsOf, recordOf, sessionReference } from '../request.ts'

/** Whoever is signed in. */
export interface Account {
  /** Logto's ID of the person. */
  readonly sub: string
  /** What to call them: their name or else their username, email address or ID. */
  readonly name: string
  /** What the ID token says of them; of a membership or a role that has changed since, userinfo says it sooner. */
  readonly claims: Claims
  /** When they signed in, and when they have to again at the latest. */
  readonly since: Date
  readonly until: Date
  /** The session's name in logs and on pages; it opens nothing. */
  readonly session: string
}

/**
 * Who is signed in. What a page makes of it is for nobody else: no cache may keep it.
 *
 * @returns undefined for a stranger, and while the session store cannot be asked
 */
export function accountOf(req: Request): Account | undefined {
  keepPersonal(req)
  const { session } = recordOf(req)
  const claims = claimsOf(req)
  if (!session || !claims) return undefined
  const { sub, startedAt, endsAt, id } = session
  return {
    sub,
    name: claims.name || claims.username || claims.email || sub,
    claims,
    since: new Date(startedAt),
    until: new Date(endsAt),
    get session() {
      return sessionReference(id)
    },
  }
}

/** The claims of the same. */
export const personOf = (req: Request): Claims | undefined => accountOf(req)?.claims
