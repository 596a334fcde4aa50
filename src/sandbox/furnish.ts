import { DOMAIN } from './company.ts'
import type { Tenant } from './logto/state.ts'

/** The API that the app's own example stands for. */
export const NOTES_API = `https://notes.${DOMAIN}`

/** What provision leaves to people: an API with a permission, roles, and two organizations, one of them Acme's. */
export function furnish(tenant: Tenant): void {
  const permissions = ['read:notes']
  tenant.apiResources.push({ name: 'Notes', indicator: NOTES_API, scopes: permissions })
  tenant.roles.push({ name: 'employee', permissions })
  tenant.rolesByDomain[DOMAIN] = ['employee']
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
