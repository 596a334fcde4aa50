import type { Desired } from '../desired.ts'
import { additions, replacement, type Step } from '../plan.ts'
import { ProvisionError, phrase } from '../problem.ts'
import type { Wired } from '../wired.ts'
import type { LogtoManagement } from './api/management.ts'

/** A Management API's identifier, whichever tenant's: of these Logto lets nobody change anything. */
const ANY_MANAGEMENT_API = /^https:\/\/[^.]+\.logto\.app\/api$/

/**
 * The app as an API resource, with the permissions that its guards ask for; ours is the one with our identifier, which
 * is one resource's alone at Logto.
 *
 * @throws ProvisionError for the Management API's own identifier
 */
export async function planApiResource(
  logto: LogtoManagement,
  desired: Desired & { apiResource: string },
  wired: Wired,
): Promise<Step> {
  const { apiResource: indicator, apiPermissions, appName } = desired
  if (indicator === desired.logto.managementApi || ANY_MANAGEMENT_API.test(indicator))
    throw managementApi(indicator)
  const found = (await logto.apiResources()).find((resource) => resource.indicator === indicator)
  const present = new Map(found?.scopes.map(({ name, id }) => [name, id]))
  const missing = apiPermissions.filter((name) => !present.has(name))
  wired.permissionIds = Object.fromEntries(present)
  const changes = additions(phrase`permissions`, [], missing)
  return {
    resource: found
      ? phrase`Logto: API resource “${found.name}” (${found.id})`
      : phrase`Logto: API resource “${appName}”`,
    action: !found ? 'create' : missing.length > 0 ? 'change' : 'leave',
    changes: found ? changes : [...replacement(phrase`identifier`, undefined, indicator), ...changes],
    notes: [],
    async apply() {
      const { id } = found ?? (await logto.createApiResource(appName, indicator))
      for (const name of missing) present.set(name, (await logto.createScope(id, name)).id)
      wired.permissionIds = Object.fromEntries(present)
    },
  }
}

const managementApi = (indicator: string) =>
  new ProvisionError(
    phrase`API_RESOURCE is ${indicator}, which is the identifier of Logto's Management API and never this app's.`,
    phrase`Set API_RESOURCE (--api-resource) to an identifier of the app's own, such as https://api.example.com.`,
  )
