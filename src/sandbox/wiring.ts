import { type Desired, planProvisioning } from '../provision/provision.ts'
import type { BlankSandbox } from './blank.ts'

/** The name of the company's connector, which people see when they sign in. */
const CONNECTOR = 'Okta Acme'

/**
 * Wires a blank sandbox for the app, over HTTP and by the very code that wires real tenants.
 *
 * @param appUrl the app's BASE_URL
 * @returns the application at Logto that the app signs in through, and the key its webhook's deliveries are signed with
 */
export async function wire(
  { logto, okta, domain, group }: BlankSandbox,
  appUrl: string,
): Promise<{ appId: string; appSecret: string; webhookKey: string }> {
  const desired: Desired = {
    baseUrl: appUrl,
    appName: 'Express app',
    logto,
    application: { id: undefined, secret: undefined },
    connector: { name: CONNECTOR, domains: [domain], scopes: [] },
    issuer: okta.issuer,
    okta: { orgUrl: okta.orgUrl, apiToken: okta.apiToken, clientId: undefined },
    group,
    byHand: undefined,
    takeOver: false,
  }
  const { apply, wired } = await planProvisioning(desired)
  await apply()
  const { applicationId: appId, appSecret, webhookSigningKey: webhookKey } = wired
  if (!appId || !appSecret || !webhookKey) throw new Error('the sandbox is not wired')
  return { appId, appSecret, webhookKey }
}
