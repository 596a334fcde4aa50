import type { LogtoManagement } from '../provision/logto/api/management.ts'
import { planApplication } from '../provision/logto/application.ts'
import { isToDo } from '../provision/plan.ts'
import type { Wired } from '../provision/wired.ts'
import type { LogtoConfig } from '../settings/config.ts'
import type { PortalConfig } from './portal-config.ts'

/**
 * The portal's own application at Logto, through which a company's provider is tried: found by its redirect URI, or made.
 * The app's own keeps its addresses and its secret to itself.
 *
 * @throws ProvisionError for whatever Logto refuses
 */
export async function ownApplication(
  { baseUrl, appName, logto: { endpoint } }: PortalConfig,
  logto: LogtoManagement,
): Promise<LogtoConfig> {
  const wired: Wired = {}
  const desired = {
    ...{ baseUrl, appName: `${appName}: portal`, application: { id: undefined, secret: undefined } },
    ...{ offlineAccess: true, takeOver: false },
  }
  const step = await planApplication(logto, desired, wired)
  if (isToDo(step)) await step.apply()
  const { applicationId: appId = '', appSecret = '' } = wired
  return { endpoint, appId, appSecret }
}
