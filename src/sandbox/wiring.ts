import { connectorEntry } from '../provision/env/connectors-setting.ts'
import { universalLogoutEndpoint } from '../provision/okta/leaving-by-hand.ts'
import { type Desired, planProvisioning } from '../provision/provision.ts'
import type { EnterpriseConnector } from '../settings/companies/connector.ts'
import type { BlankSandbox } from './blank.ts'
import { complete, introduce } from './companies/connect.ts'
import { APP_NAME, ORGANIZATION } from './company.ts'
import { secret } from './shared/random.ts'

/** The name of the company's connector, which people see when they sign in. */
const CONNECTOR = 'Okta Acme'

/** What the app has to be told of the tenants that were wired for it. */
export interface Wiring {
  /** Of the application at Logto that the app signs in through. */
  appId: string
  appSecret: string
  /** The deliveries of the app's webhook are signed with it. */
  webhookKey: string
  connectors: readonly EnterpriseConnector[]
  /** As `COMPANY_HOOK_KEY` has them. */
  companyHookKeys: readonly string[]
  /**
   * Does what could not be done before the app was there, since Okta verifies the address of its event hook, and what
   * nobody has to wait for before: the providers of the other companies are tried.
   */
  appIsThere(): Promise<void>
}

/**
 * Wires a blank sandbox for the app, over HTTP and by the very code that wires real tenants.
 *
 * @param app its BASE_URL, its API, and whether it asks for `offline_access`
 */
export async function wire(
  { logto, okta, domain, group, org, companies, tenant }: BlankSandbox,
  app: Pick<Desired, 'apiPermissions' | 'offlineAccess'> & { appUrl: string; apiResource: string },
): Promise<Wiring> {
  const { appUrl, ...ofTheApp } = app
  const companyHookKey = secret(43)
  const desired: Desired = {
    baseUrl: appUrl,
    appName: APP_NAME,
    logto,
    application: { id: undefined, secret: undefined },
    connector: { name: CONNECTOR, domains: [domain], scopes: [] },
    issuer: okta.issuer,
    okta: { orgUrl: okta.orgUrl, apiToken: okta.apiToken, clientId: undefined },
    // Seeded beside the people.
    organization: { name: ORGANIZATION, roles: ['member'], permissions: [] },
    group,
    byHand: undefined,
    ...ofTheApp,
    companyHookKey,
    webhooks: true,
    takeOver: false,
  }
  const { apply, wired } = await planProvisioning(desired)
  await apply()
  const { applicationId: appId, appSecret, webhookSigningKey: webhookKey } = wired
  const connector = connectorEntry(desired, wired)
  if (!appId || !appSecret || !webhookKey || !connector) throw new Error('the sandbox is not wired')
  const known = { ...desired, application: { id: appId, secret: appSecret } }
  const others = await introduce(known, companies, tenant)
  // By hand, as everywhere: Okta has no API for it.
  const endpoint = universalLogoutEndpoint(appUrl)
  for (const { id } of org.apps) org.universalLogout.set(id, { endpoint, subjectFormat: 'iss_sub' })
  return {
    ...{
      appId,
      appSecret,
      webhookKey,
      connectors: [connector, ...others],
      companyHookKeys: [companyHookKey],
    },
    async appIsThere() {
      const again = await planProvisioning(known)
      await Promise.all([again.apply(), complete(known, companies)])
    },
  }
}
