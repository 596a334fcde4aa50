import type { JWTHeaderParameters } from 'jose'

/** What an ID token or userinfo says of a person (OpenID Connect Core 1.0 §5.1, and Logto's own), by name. */
export interface Claims {
  readonly sub: string
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
