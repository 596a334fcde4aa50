import { DOMAIN } from './company.ts'
import type { Tenant } from './logto/state.ts'

/** The API that the app's own example stands for. */
export const NOTES_API = `https://notes.${DOMAIN}`

/** What provision leaves to people: an API with a permission, roles, and two organizations, one of them Acme's. */
export function furnish(tenant: Tenant): void {
  const permissions = ['read:notes']
  const common = { isDefault: false, description: 'Reads notes' }
  tenant.apiResources.push({
    id: 'notes',
    name: 'Notes',
    indicator: NOTES_API,
    isDefault: false,
    accessTokenTtl: 3600,
    scopes: [{ id: 'read-notes', name: 'read:notes', description: null, createdAt: Date.now() }],
  })
  tenant.roles.push({ id: 'employee', name: 'employee', type: 'User', scopeIds: ['read-notes'], ...common })
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
