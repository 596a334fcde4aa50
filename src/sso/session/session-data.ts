import type { PersistKey } from '@logto/express'
import type { Request } from 'express'
import type { Session, SessionData } from 'express-session'
import type { SessionStore } from './session-store.ts'
import type { SignedInFrom } from './signed-in-from.ts'

/** What the Logto SDK keeps for one signed-in browser: tokens, as the strings the SDK wrote. */
export type SessionTokens = Partial<Record<`${PersistKey}`, string>>

/** What a session holds while somebody is signed in. Times are milliseconds since 1970. */
export interface SignedIn {
  logto: SessionTokens
  /** When Logto gave the tokens; of two writers, the one with the later tokens is right about them. */
  tokensAt: number
  /** When the access token runs out, and Logto is asked again; absent where there is nothing to ask with. */
  freshUntil?: number
  /** Since when Logto has failed to renew the tokens. */
  failingSince?: number
  /** Who: Logto's ID of the person (OpenID Connect Core 1.0 §2, `sub`). */
  sub: string
  /** The session at Logto, where the present ID token does not say it, and an earlier one did. */
  sid?: string
  startedAt: number
  /** Where it was begun. */
  from?: SignedInFrom
  /** The absolute limit: after it the session is nobody's, whatever it did before. */
  endsAt: number
}

declare module 'express-session' {
  /** All of `SignedIn` or none of it. */
  interface SessionData extends Partial<SignedIn> {}
}

/** What a store keeps of a session. */
export type StoredSession = Partial<SignedIn> & Record<string, unknown>

/** A signed-in person's session as a request sees it, whether it can write to it or not. */
export type SeenSession = SignedIn & { readonly id: string }

/** A session that a request only reads. */
interface Seen {
  session: SeenSession
  store: SessionStore
}

declare global {
  namespace Express {
    interface Request {
      /** Who is there, for `signedInSession`. On the request itself: a WeakMap costs more than all of a session's reading. */
      seen?: Seen | undefined
    }
  }
}

/** From here on nobody is there, as far as this request goes. */
export function seeNobody(req: Request): void {
  req.seen = undefined
  if (sessionOf(req)) Reflect.deleteProperty(req, 'session')
}

/** Marks the store of this app's sessions, for a host app may have express-session on the same request. */
export const ours = Symbol('ours')

/**
 * express-session's session of a request, with its true type; undefined where `sessions` is not mounted, where the
 * session is a host app's own, and while the store cannot be asked.
 */
export function sessionOf(req: Request): (Session & Partial<SessionData>) | undefined {
  if (!req.session || !(ours in (req.sessionStore ?? {}))) return undefined
  // @logto/express declares every session to be a record of strings, which hides express-session's own type.
  return req.session as unknown as (Session & Partial<SessionData>) | undefined
}

/** The session, if somebody is signed in. */
export function signedInSession(req: Request): SeenSession | undefined {
  const session = sessionOf(req)
  if (!session) return req.seen?.session
  return isSignedIn(session) ? session : undefined
}

export function isSignedIn<T extends Partial<SignedIn>>(session: T): session is T & SignedIn {
  return session.logto?.idToken !== undefined && session.sub !== undefined && session.endsAt !== undefined
}
