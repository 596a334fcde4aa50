import Bowser from 'bowser'
import type { Request } from 'express'
import { visitorAddress } from '../http/request/visitor.ts'
import type { SessionTokens } from '../logto/session-tokens.ts'
import type { Claims } from '../logto/verify/id-token.ts'

/** A name a session can be found by: everything of a person, or one session at Logto, or what a company knows them by. */
export type SessionName = `sub:${string}` | `sid:${string}` | CompanyName

/** A person's identity at a company's provider, or the email address that they have there; and the company, unindexed. */
export type CompanyName = `identity:${string}` | `identity-email:${string}` | `company:${string}`

export const isOfCompany = (name: SessionName): name is CompanyName => name.startsWith('identity')

/** What a session is known by to be of a company's people. No index has it, for one company may have everybody. */
export const companyMark = (connectorId: string): CompanyName => `company:${connectorId}`

/** The companies that somebody has an identity of, by their connectors' IDs. */
export const markedCompanies = (names: readonly CompanyName[] = []): string[] =>
  names.flatMap((name) => (name.startsWith('company:') ? [name.slice('company:'.length)] : []))

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
  logto: Omit<SessionTokens, 'idToken'>
  /** What the last ID token says. It was verified; as it came, it would be half of a row, and nothing asks for it. */
  claims: Claims
  /** When Logto gave the tokens; of two writers, the one with the later tokens is right about them. */
  tokensAt: number
  /** When the access token runs out, and Logto is asked again; absent where there is nothing to ask with. */
  freshUntil?: number
  /** Since when Logto has failed to renew the tokens. */
  failingSince?: number
  /** The session at Logto, where the present ID token does not say it, and an earlier one did. */
  sid?: string
  startedAt: number
  /** What companies know the person by, as the index has it; absent where it was never learned. */
  companyNames?: readonly CompanyName[]
  /** Since when the person has surely proved anew who they are; absent where that is not known. */
  provedAt?: number
  /** When it was used last, give or take `lastSeen`'s minutes; absent for the first of them. */
  seenAt?: number
  /** Where it was begun. */
  from?: SignedInFrom
  /** The absolute limit: after it the session is nobody's, whatever it did before. */
  endsAt: number
}

/** What a store keeps of a session. */
export type StoredSession = Partial<SignedIn> & Record<string, unknown>

/** A signed-in person's session as a request sees it. */
export type ActiveSession = SignedIn & { readonly id: string }

/** Whether Logto has to be asked before this session is believed. */
export function mustRenew({ freshUntil }: Pick<SignedIn, 'freshUntil'>): boolean {
  return freshUntil !== undefined && freshUntil <= Date.now()
}

export function isSignedIn<T extends Partial<SignedIn>>(session: T): session is T & SignedIn {
  return typeof session.claims?.sub === 'string' && Boolean(session.logto) && session.endsAt !== undefined
}

/** A header may be longer than any browser's, and each row keeps what is made of it. */
const longest = { header: 512, word: 40 }

/** Reads the browser and its system out of `User-Agent`, which anybody may write anything into. */
export function signedInFrom(req: Request): SignedInFrom {
  const header = req.get('user-agent')?.slice(0, longest.header)
  const { browser, os } = header ? Bowser.parse(header) : {}
  return {
    ...word('browser', browser?.name),
    ...word('system', os?.name),
    ...word('address', visitorAddress(req)),
  }
}

const word = (name: keyof SignedInFrom, value = '') => value && { [name]: value.slice(0, longest.word) }

/** What the Logto SDK keeps of an access token (`AccessTokenMap` of @logto/client, under `@` the one for no resource). */
interface SdkAccessToken {
  token: string
  /** Scopes that were given. The SDK looks at them no more, and no row keeps them. */
  scope: string
  /** Seconds since 1970. */
  expiresAt: number
}

/** A session's tokens as a row has them. */
interface KeptTokens extends SessionTokens {
  /** Seconds since 1970; then `accessToken` is the token itself, and else all that the SDK keeps of access tokens. */
  expiresAt?: number
}

/**
 * A session as a row keeps it, which is JSON for whoever looks into Redis. What follows from the rest is left out: every
 * byte is held once for each person signed in, and sent over the network for each of their pages.
 */
export function toText(session: object): string {
  const { logto, freshUntil, ...rest } = session as StoredSession
  if (!logto) return JSON.stringify(rest)
  const tokens = keptTokens(logto)
  const follows = freshUntil !== undefined && freshUntil === freshness(tokens)
  return JSON.stringify({ logto: tokens, ...rest, ...(!follows && { freshUntil }) })
}

/** @returns what a row holds; nothing, and so nobody's session, where it is not one of ours */
export function fromText(text: string): StoredSession {
  try {
    const kept: unknown = JSON.parse(text)
    if (typeof kept !== 'object' || kept === null) return {}
    // Completed as it is: of each copy, V8 would make a hidden class that no other session has.
    const session = kept as StoredSession & { logto?: KeptTokens }
    const { logto: tokens } = session
    if (!tokens) return session
    const freshUntil = session.freshUntil ?? freshness(tokens)
    if (freshUntil !== undefined) session.freshUntil = freshUntil
    session.logto = sdkTokens(tokens)
    return session
  } catch {
    return {}
  }
}

/** When what a row keeps began, in milliseconds since 1970; 0 where it is nobody’s. */
export const startOf = (text: string): number => fromText(text).startedAt ?? 0

/**
 * The session at Logto that a session belongs to (OpenID Connect Back-Channel Logout 1.0 §2.1, `sid`), as the last ID
 * token has it that said.
 */
export const sidOf = ({ claims, sid }: Pick<SignedIn, 'claims' | 'sid'>): string | undefined =>
  claims.sid ?? sid

/** The names that a session goes by. */
export function namesOf(session: Partial<SignedIn>): SessionName[] {
  if (!isSignedIn(session)) return []
  const [{ claims, companyNames = [] }, sid] = [session, sidOf(session)]
  return [
    `sub:${claims.sub}`,
    ...(sid === undefined ? [] : [`sid:${sid}` as const]),
    ...companyNames.filter(isOfCompany),
  ]
}

/** When the access token runs out, in milliseconds since 1970, if another can be had. */
function freshness({ refreshToken, expiresAt }: KeptTokens): number | undefined {
  return refreshToken === undefined || expiresAt === undefined ? undefined : expiresAt * 1000
}

function keptTokens(tokens: SessionTokens): KeptTokens {
  const only = onlyAccessToken(tokens.accessToken)
  return only ? { ...tokens, accessToken: only.token, expiresAt: only.expiresAt } : tokens
}

function sdkTokens({ expiresAt, ...tokens }: KeptTokens): SessionTokens {
  if (tokens.accessToken === undefined || expiresAt === undefined) return tokens
  const only: SdkAccessToken = { token: tokens.accessToken, scope: '', expiresAt }
  return { ...tokens, accessToken: JSON.stringify({ '@': only }) }
}

/** @returns undefined where there are others, or it is not known when it runs out */
function onlyAccessToken(sdkAccessTokens = '{}'): SdkAccessToken | undefined {
  const { '@': only, ...others } = JSON.parse(sdkAccessTokens) as Record<string, SdkAccessToken>
  return typeof only?.expiresAt === 'number' && Object.keys(others).length === 0 ? only : undefined
}
