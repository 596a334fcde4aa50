import { camelCase } from '../state/camel-case.ts'
import { membershipsOf } from '../state/organizations.ts'
import { EXTENDED_CLAIMS, type ExtendedClaim, type Tenant, type User } from '../state/state.ts'

/** Logto's scopes in the order of its discovery document, each with the claims it opens. */
export const CLAIMS_BY_SCOPE: Record<string, string[]> = {
  profile: [
    'name',
    'family_name',
    'given_name',
    'middle_name',
    'nickname',
    'preferred_username',
    'profile',
    'picture',
    'website',
    'gender',
    'birthdate',
    'zoneinfo',
    'locale',
    'updated_at',
    'username',
    'created_at',
  ],
  email: ['email', 'email_verified'],
  phone: ['phone_number', 'phone_number_verified'],
  address: ['address'],
  custom_data: ['custom_data'],
  identities: ['identities', 'sso_identities'],
  roles: ['roles'],
  'urn:logto:scope:organizations': ['organizations', 'organization_data'],
  'urn:logto:scope:organization_roles': ['organization_roles'],
}

/**
 * The claims of `user` for the granted scopes. `updated_at` and `created_at` are milliseconds, as Logto has them.
 *
 * @param enabled of the extended claims, those that are wanted: an ID token has not all of them
 */
export function claimsOf(
  tenant: Tenant,
  user: User,
  scope: string,
  enabled: readonly ExtendedClaim[],
): { sub: string } & Record<string, unknown> {
  const own = ownClaims(tenant, user)
  const left: readonly string[] = EXTENDED_CLAIMS.filter((name) => !enabled.includes(name))
  const names = scope.split(' ').flatMap((name) => CLAIMS_BY_SCOPE[name] ?? [])
  const shown = names.filter((name) => !left.includes(name))
  // Every other claim of the profile is kept under its own name.
  const valueNamed = (name: string) => (name in own ? own[name] : user.profile[camelCase(name)])
  return { sub: user.id, ...Object.fromEntries(shown.map((name) => [name, valueNamed(name)])) }
}

function ownClaims(tenant: Tenant, user: User): Record<string, unknown> {
  const memberships = membershipsOf(tenant, user)
  return {
    name: user.name,
    picture: user.avatar,
    updated_at: user.updatedAt,
    username: user.username,
    created_at: user.createdAt,
    email: user.primaryEmail,
    email_verified: user.primaryEmail !== null,
    phone_number: user.primaryPhone,
    phone_number_verified: user.primaryPhone !== null,
    custom_data: user.customData,
    identities: user.identities,
    sso_identities: user.ssoIdentities.map(({ issuer, identityId, detail }) => ({
      issuer,
      identityId,
      detail,
    })),
    roles: user.roles,
    organizations: memberships.map(({ organization }) => organization.id),
    organization_data: memberships.map(({ organization: { id, name, description } }) => ({
      id,
      name,
      description,
    })),
    organization_roles: memberships.flatMap(({ organization: { id }, roles }) =>
      roles.map(({ name }) => `${id}:${name}`),
    ),
  }
}
