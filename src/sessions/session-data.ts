import type { PersistKey } from '@logto/express'
import type { Request } from 'express'
import type { Session, SessionData } from 'express-session'

/** What the Logto SDK keeps for one signed-in browser: tokens, as the strings the SDK wrote. */
export type SessionTokens = Partial<Record<`${PersistKey}`, string>>

declare module 'express-session' {
  interface SessionData {
    /** Present exactly while somebody is signed in. */
    logto: SessionTokens
  }
}

/** The session of a request, with its true type. */
export function sessionOf(req: Request): Session & Partial<SessionData> {
  // @logto/express declares every session to be a record of strings, which hides express-session's own type.
  return req.session as unknown as Session & Partial<SessionData>
}
