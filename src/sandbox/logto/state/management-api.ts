import type { ApiResource, Role } from './api-resource.ts'

/** The Management API's resource indicator (RFC 8707) on every self-hosted Logto, whatever its address. */
export const MANAGEMENT_API = 'https://default.logto.app/api'

/** The one scope of the Management API. */
export const ALL = 'all'

const ALL_ID = 'management-api-all'

/** The Management API as it is listed among the tenant's own. */
export const managementApiResource = (): ApiResource => ({
  id: 'management-api',
  name: 'Logto Management API',
  indicator: MANAGEMENT_API,
  isDefault: false,
  accessTokenTtl: 3600,
  scopes: [
    {
      id: ALL_ID,
      name: ALL,
      description: 'Default scope for Management API, allows all permissions.',
      createdAt: Date.now(),
    },
  ],
})

/** Whether an identifier is a Management API's, of this tenant or another: Logto has them all alike. */
export const isManagementApi = (indicator: string) => /^https:\/\/[^.]+\.logto\.app\/api$/.test(indicator)

/** The one role that every tenant has, and whose name is thus taken: of the machines that may use all of it. */
export const MANAGEMENT_ROLE: Role = {
  id: 'management-api-access',
  name: 'Logto Management API access',
  description: 'Management API access',
  type: 'MachineToMachine',
  isDefault: false,
  scopeIds: [ALL_ID],
}
