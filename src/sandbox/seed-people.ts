import { roleName } from '../provision/logto/role.ts'
import { APP_NAME, DOMAIN, ORGANIZATION } from './company.ts'
import { addOrganization } from './logto/state/organizations.ts'
import type { Tenant } from './logto/state/state.ts'
import { logtoId } from './shared/random.ts'

/**
 * What provision leaves to people: who has the role that opens the app's API, and two organizations, one of them Acme's.
 *
 * @param names the permissions that members of an organization have there
 */
export function seedPeople(tenant: Tenant, names: readonly string[]): void {
  const scopes = names.map((name) => ({ id: logtoId(21), name, description: null }))
  tenant.organizationScopes.push(...scopes)
  for (const name of ['member', 'admin']) {
    const role = { id: logtoId(21), name, description: null, type: 'User' as const }
    const permissions = {
      scopeIds: scopes.map(({ id }) => id),
      resourceScopeIds: [],
      resourceScopeNames: [...names],
    }
    tenant.organizationRoles.push({ ...role, ...permissions })
  }
  const acme = {
    id: ORGANIZATION,
    name: 'Acme',
    description: 'People join it when they sign in through the connector of Acme',
  }
  addOrganization(tenant, acme)
  addOrganization(tenant, { id: 'globex', name: 'Globex', description: 'Nobody from Acme is a member' })
  tenant.givenByHand[DOMAIN] = { roles: [roleName(APP_NAME)], organizations: [] }
}
