import { decodeJwt } from 'jose'
import type { Identities } from '../company/identities.ts'
import type { SessionTokens } from '../logto/session-tokens.ts'
import { type Claims, typedClaims } from '../logto/verify/id-token.ts'
import { type SignedIn, sidOf } from '../session/session-data.ts'

/** What the tokens of a finished exchange say about the session they make or renew. Times in milliseconds. */
type SaidByTokens = Pick<SignedIn, 'logto' | 'claims' | 'tokensAt' | 'freshUntil'> & {
  /** When the person proved who they are (OpenID Connect Core 1.0 §2, `auth_time`). */
  provedAt: number | undefined
  /** When the person's session at the identity provider ends, if it says (`session_expiry`). */
  providerEndsAt: number | undefined
}

/**
 * Reads what a session must know out of verified tokens.
 *
 * @param tokens as the SDK left them
 * @param before what an earlier ID token says; a refresh need not bring another (OpenID Connect Core 1.0 §12.2)
 */
function saidByTokens({ idToken, ...logto }: SessionTokens, before?: Claims): SaidByTokens {
  const claims = before && idToken === undefined ? before : typedClaims(decodeJwt<Claims>(idToken ?? ''))
  const freshUntil = logto.refreshToken === undefined ? undefined : accessTokenExpiry(logto.accessToken)
  return {
    logto,
    claims,
    tokensAt: Date.now(),
    ...(freshUntil !== undefined && { freshUntil }),
    provedAt: toMilliseconds(claims.auth_time),
    providerEndsAt: toMilliseconds(claims.session_expiry),
  }
}

/** What is known of a sign-in beside its tokens. */
interface SignInFacts {
  startedAt: number
  absolute: number
  companyNames?: SignedIn['companyNames']
  askedAt?: number
}

/**
 * The session that a sign-in begins.
 *
 * @param tokens as the SDK left them
 * @param options.startedAt when the last step of the sign-in began
 * @param options.absolute milliseconds from the proof of identity to the end of the session
 * @param options.companyNames what companies know the person by, where it is known
 * @param options.askedAt since when Logto was to ask whoever it remembered; 0 where it was not
 */
export function sessionFromTokens(
  tokens: SessionTokens,
  { startedAt, absolute, companyNames, askedAt = 0 }: SignInFacts,
): SignedIn {
  const { provedAt, providerEndsAt = Number.POSITIVE_INFINITY, ...said } = saidByTokens(tokens)
  const surelyAt = Math.max(askedAt, Math.min(provedAt ?? 0, startedAt))
  return {
    ...said,
    startedAt,
    ...(companyNames?.length && { companyNames }),
    // Only a company's word looks at it.
    ...(companyNames?.length && surelyAt > 0 && { provedAt: surelyAt }),
    // Logto's clock may be ahead of ours, and must not make a session longer.
    endsAt: Math.min(Math.min(provedAt ?? startedAt, startedAt) + absolute, providerEndsAt),
  }
}

/** Milliseconds that renewed tokens count at least: where they come run out already, not every page asks for others. */
const shortest = 2000

/**
 * What a session that goes on holds anew once its tokens were renewed.
 *
 * @param tokens as the SDK left them
 * @param session as it was
 * @param identities of a person at companies, where the ID token says them
 * @returns undefined where the tokens are about another person (OpenID Connect Core 1.0 §12.2)
 * @throws ForeignIdentityError
 */
export function renewedBy(
  tokens: SessionTokens,
  session: SignedIn,
  identities: Pick<Identities, 'saidBy'>,
): Partial<SignedIn> | undefined {
  const { provedAt: _, providerEndsAt = session.endsAt, ...said } = saidByTokens(tokens, session.claims)
  const { claims, freshUntil, tokensAt } = said
  if (claims.sub !== session.claims.sub) return undefined
  const sid = claims.sid === undefined ? sidOf(session) : undefined
  const companyNames = identities.saidBy(claims)
  return {
    ...said,
    ...(freshUntil !== undefined && { freshUntil: Math.max(freshUntil, tokensAt + shortest) }),
    ...(sid !== undefined && { sid }),
    ...(companyNames && { companyNames }),
    endsAt: Math.min(session.endsAt, providerEndsAt),
  }
}

/** The SDK's map of access tokens, as far as it matters: the token for no resource in particular. */
function accessTokenExpiry(accessToken: string | undefined): number | undefined {
  const map = JSON.parse(accessToken ?? '{}') as Record<string, { expiresAt?: unknown } | undefined>
  return toMilliseconds(map['@']?.expiresAt)
}

/** Whole ones: a time may have a fraction (RFC 7519 §2, NumericDate), and Redis takes none. */
function toMilliseconds(seconds: unknown): number | undefined {
  return typeof seconds === 'number' && Number.isFinite(seconds) ? Math.floor(seconds * 1000) : undefined
}
