import type { SessionTokens } from '../logto/token-storage.ts'
import type { CompanyName } from './backend/session-backend.ts'

/** Where a session was begun, as a person would recognise it: in words, short, and nothing a decision is made by. */
export interface SignedInFrom {
  /** Such as `Firefox`. */
  browser?: string
  /** Such as `Windows`. */
  system?: string
  /** The visitor's address, by `trust proxy`. */
  address?: string
}

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
  /** What companies know the person by, as the index has it; absent where it was never learned. */
  companyNames?: readonly CompanyName[]
  /** Since when the person has surely proved anew who they are; absent where that is not known. */
  provedAt?: number
  /** Where it was begun. */
  from?: SignedInFrom
  /** The absolute limit: after it the session is nobody's, whatever it did before. */
  endsAt: number
}

/** What a store keeps of a session. */
export type StoredSession = Partial<SignedIn> & Record<string, unknown>

/** A signed-in person's session as a request sees it. */
export type ActiveSession = SignedIn & { readonly id: string }

export function isSignedIn<T extends Partial<SignedIn>>(session: T): session is T & SignedIn {
  return session.logto?.idToken !== undefined && session.sub !== undefined && session.endsAt !== undefined
}
