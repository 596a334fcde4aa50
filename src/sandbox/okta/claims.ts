import { secret } from '../shared/random.ts'
import type { OktaUser, Org } from './state.ts'

/** Claims that need no scope but `openid`; `amr` and `auth_time` come from the session. */
export const OPENID_CLAIMS = ['sub', 'ver', 'jti', 'amr', 'idp', 'auth_time']

/** Okta's scopes with the claims each opens. */
export const CLAIMS_BY_SCOPE: Record<string, string[]> = {
  profile: ['name', 'given_name', 'family_name', 'preferred_username', 'locale', 'zoneinfo', 'updated_at'],
  email: ['email', 'email_verified'],
  groups: ['groups'],
}

/** Okta's ID token is thin when an access token comes with it: the rest is at the userinfo endpoint. */
const IN_ID_TOKEN = new Set(['name', 'email', 'preferred_username', 'groups'])

/** The person's claims; the provider drops those whose scope was not granted. */
export function claimsOf(org: Org, person: OktaUser, use: string): { sub: string } & Record<string, unknown> {
  const { profile, lastUpdated, id, emailVerified } = person
  const claims = {
    name: profile.displayName,
    given_name: profile.firstName,
    family_name: profile.lastName,
    preferred_username: profile.login,
    locale: profile.locale,
    zoneinfo: profile.timeZone,
    updated_at: Math.floor(Date.parse(lastUpdated) / 1000),
    email: profile.email,
    ...(emailVerified !== undefined && { email_verified: emailVerified }),
    groups: org.groups.filter(({ memberIds }) => memberIds.has(id)).map(({ profile: { name } }) => name),
  }
  if (use === 'userinfo') return { sub: id, ...claims }
  const shown = Object.entries(claims).filter(([name]) => IN_ID_TOKEN.has(name))
  return { sub: id, ver: 1, jti: `ID.${secret(43)}`, idp: org.id, ...Object.fromEntries(shown) }
}
