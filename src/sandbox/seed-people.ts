import { roleName } from '../provision/logto/role.ts'
import { READ_NOTES } from '../settings/api-permissions.ts'
import { APP_NAME, DOMAIN } from './company.ts'
import type { Tenant } from './logto/state/state.ts'

/** What provision leaves to people: who has the role that opens the app's API, and two organizations, one of them Acme's. */
export function seedPeople(tenant: Tenant): void {
  const permissions = [READ_NOTES]
  tenant.rolesByDomain[DOMAIN] = [roleName(APP_NAME)]
  tenant.organizationRoles.push({ name: 'member', permissions }, { name: 'admin', permissions })
  tenant.organizations.push(
    {
      id: 'acme',
      name: 'Acme',
      description: 'Who signs in with an Acme address joins it',
      jit: { domains: [DOMAIN], roles: ['member'] },
    },
    { id: 'globex', name: 'Globex', description: 'Nobody of Acme is in it', jit: { domains: [], roles: [] } },
  )
}
