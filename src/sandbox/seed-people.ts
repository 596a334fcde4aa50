import { roleName } from '../provision/logto/role.ts'
import { READ_NOTES } from '../settings/api-permissions.ts'
import { APP_NAME, DOMAIN, ORGANIZATION } from './company.ts'
import { addOrganization } from './logto/state/organizations.ts'
import type { Tenant } from './logto/state/state.ts'
import { logtoId } from './shared/random.ts'

/** What provision leaves to people: who has the role that opens the app's API, and two organizations, one of them Acme's. */
export function seedPeople(tenant: Tenant): void {
  const scope = { id: logtoId(21), name: READ_NOTES, description: null }
  tenant.organizationScopes.push(scope)
  for (const name of ['member', 'admin']) {
    const role = { id: logtoId(21), name, description: null, type: 'User' as const }
    const permissions = { scopeIds: [scope.id], resourceScopeIds: [], resourceScopeNames: [READ_NOTES] }
    tenant.organizationRoles.push({ ...role, ...permissions })
  }
  const acme = { id: ORGANIZATION, name: 'Acme', description: 'Who signs in with an Acme address joins it' }
  addOrganization(tenant, acme)
  addOrganization(tenant, { id: 'globex', name: 'Globex', description: 'Nobody of Acme is in it' })
  tenant.givenByHand[DOMAIN] = { roles: [roleName(APP_NAME)], organizations: [] }
}
