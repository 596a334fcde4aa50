import { errors, type JWTHeaderParameters, type JWTPayload, jwtVerify } from 'jose'
import type { IssuerKeys } from './issuer.ts'
import { asymmetricAlgorithms } from './signature-algorithms.ts'

/** What an ID token or userinfo says of a person (OpenID Connect Core 1.0 §5.1, and Logto's own), by name. */
export interface Claims {
  readonly sub: string
  /** The session at Logto (OpenID Connect Back-Channel Logout 1.0 §2.1). */
  readonly sid?: string
  readonly name?: string | null
  readonly username?: string | null
  readonly picture?: string | null
  readonly email?: string | null
  readonly email_verified?: boolean
  readonly phone_number?: string | null
  readonly phone_number_verified?: boolean
  readonly roles?: string[]
  readonly organizations?: string[]
  readonly organization_roles?: string[]
  readonly [claim: string]: unknown
}

/** What a verified access token says. */
export interface AccessToken {
  /** The person; the application itself where it acts for nobody. */
  sub: string
  clientId: string
  scopes: readonly string[]
  /** What it is for: an API resource, or an organization itself. */
  audience: 'api' | 'organization'
  organizationId: string | undefined
}

/** What a claim's value may be: of those that anything here reads by its name, or Logto has a type for. */
const kinds: Readonly<Record<string, (value: unknown) => boolean>> = {
  name: isTextOrNull,
  username: isTextOrNull,
  picture: isTextOrNull,
  email: isTextOrNull,
  phone_number: isTextOrNull,
  at_hash: isTextOrNull,
  email_verified: isFlag,
  phone_number_verified: isFlag,
  organizations: areTexts,
  organization_roles: areTexts,
  roles: areTexts,
  custom_data: isObject,
  sid: isIdentifier,
  auth_time: Number.isFinite,
  session_expiry: Number.isFinite,
}

/**
 * Claims of a verified token or of userinfo, without those whose value is of another type than theirs: such a claim is
 * as if absent (OpenID Connect Core 1.0 §5.1). Names that nothing here reads stay as they came.
 *
 * @param claims are changed
 */
export function typedClaims<T extends object>(claims: T): T {
  for (const name in kinds) {
    const value = Reflect.get(claims, name)
    if (value !== undefined && !kinds[name]?.(value)) Reflect.deleteProperty(claims, name)
  }
  return claims
}

/**
 * Whether a value can name somebody or something: OpenID Connect Core 1.0 §2 has `sub` be of 255 characters at most. Half
 * of a surrogate pair would be another in UTF-8, and two such names the same.
 */
export function isIdentifier(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= 255 && !/\p{Surrogate}/u.test(value)
}

/** Values that what an issuer says may hold in all, and how deep they may be nested. */
const most = { values: 10_000, depth: 32 }

/** Whether JSON that came from outside is small and flat enough to be gone through and shown. */
export function isBounded(json: unknown): boolean {
  let left = most.values
  const fits = (value: unknown, depth: number): boolean => {
    if (--left < 0 || depth < 0) return false
    return (
      typeof value !== 'object' ||
      value === null ||
      Object.values(value).every((each) => fits(each, depth - 1))
    )
  }
  return fits(json, most.depth)
}

/** Characters a text may have. The longest, the address of a picture, has 2,048 at Logto. */
const longestText = 2048

function isTextOrNull(value: unknown): boolean {
  return value === null || (typeof value === 'string' && value.length <= longestText)
}

function isFlag(value: unknown): boolean {
  return typeof value === 'boolean'
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function areTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === 'string')
}

/**
 * Whether a token says of itself that it is of this type (RFC 7515 §4.1.9: a media type, in any case, with or without
 * `application/`).
 *
 * @param type in lower case, such as `at+jwt`
 */
export function isTyped({ typ }: Pick<JWTHeaderParameters, 'typ'>, type: string): boolean {
  return typeof typ === 'string' && typ.toLowerCase().replace(/^application\//, '') === type
}

/** Seconds that Logto's clock and ours may differ by. */
export const clockTolerance = 60
/** Seconds an ID token may be old when it comes straight from the token endpoint. */
const maximumAge = 300
/** Characters an ID token may have: each session keeps it. A person in a thousand organizations has 40,000. */
const longest = 64 * 1024

/**
 * Verifies ID tokens by OpenID Connect Core 1.0 §3.1.3.7: signature by one of Logto's keys and an algorithm Logto
 * announced, `iss`, `aud`, `azp`, `exp`, `iat`; and what nobody could be signed in without, `sub`.
 *
 * @param options.issuer Logto's name in its tokens
 * @param options.appId the only audience
 * @param options.keys Logto's
 */
export function idTokenVerifier({
  issuer,
  appId,
  keys,
}: {
  issuer: string
  appId: string
  keys: IssuerKeys
}): { verifyIdToken: (idToken: string) => Promise<void> } {
  return {
    async verifyIdToken(idToken) {
      if (idToken.length > longest) throw new errors.JWTInvalid(`longer than ${longest} characters`)
      const { payload, protectedHeader } = await jwtVerify(idToken, keys.ofTokensFromIssuer, {
        issuer,
        audience: appId,
        algorithms: asymmetricAlgorithms,
        clockTolerance,
        maxTokenAge: maximumAge,
        requiredClaims: ['sub', 'iat', 'exp'],
      })
      const check = (claim: string, holds: boolean) => {
        if (!holds) throw refusal(payload, claim)
      }
      check('aud', [payload.aud].flat().length === 1)
      // Rule 4 and 5 of §3.1.3.7: given to another client, it is that one's.
      check('azp', payload.azp === undefined || payload.azp === appId)
      check('sub', isIdentifier(payload.sub))
      // §2 names no type. A token typed as anything else is that (RFC 8725 §3.11).
      check('typ', protectedHeader.typ === undefined || isTyped(protectedHeader, 'jwt'))
      if (!isBounded(payload)) throw new errors.JWTInvalid('holds more than can be shown')
    },
  }
}

function refusal(payload: JWTPayload, claim: string): Error {
  return new errors.JWTClaimValidationFailed(`unexpected "${claim}"`, payload, claim, 'check_failed')
}
