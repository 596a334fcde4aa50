import { companySecret } from '../settings/companies/company-secret.ts'
import { needs } from '../settings/missing-packages.ts'
import type { InEachLanguage } from '../words/phrase.ts'
import { planSharedAccounts } from './accounts.ts'
import { isByHand, planConnection } from './connection/connection.ts'
import { loadOkta } from './connection/okta.ts'
import type { Desired } from './desired.ts'
import { managementClient } from './logto/api/management.ts'
import { planApiResource } from './logto/api-resource.ts'
import { planApplication } from './logto/application.ts'
import { findConnector, planConnector } from './logto/connector.ts'
import { planIdTokenClaims } from './logto/id-token-claims.ts'
import { planOrganization } from './logto/organization.ts'
import { planRole } from './logto/role.ts'
import { planSingleSignOn } from './logto/single-sign-on.ts'
import { assertOwnEndpoint } from './logto/tenant.ts'
import { planWebhook } from './logto/webhook.ts'
import { managementFetch } from './patient-fetch.ts'
import { isToDo, type Step } from './plan.ts'
import { phrase } from './problem.ts'
import { Secrets } from './secrets.ts'
import type { Wired } from './wired.ts'

export type { Desired } from './desired.ts'

export interface Provisioning {
  /** In the order in which they have to be done. */
  steps: Step[]
  /** What is known of the two tenants; complete once everything is applied. */
  wired: Wired
  /** Whether the provider's half is still to be made by hand. */
  byHand: boolean
  /** What could not be done, a sentence each, once everything else is. */
  left: readonly InEachLanguage[]
  /** Does what there is to do. Wherever it breaks off, the next plan goes on from there. */
  apply(): Promise<void>
}

export interface ProvisionOptions {
  send?: typeof fetch
  /** Told of each thing before the network is waited for. */
  report?: (line: InEachLanguage) => void
  pause?: (milliseconds: number) => Promise<unknown>
  /** Told of every secret that comes up. */
  secrets?: Secrets
}

/**
 * Compares both tenants with what they should hold, and changes nothing yet.
 *
 * @returns the plan, and the way to apply it
 * @throws MissingPackages where what it needs is not installed; ProvisionError for whatever keeps it from being carried
 *   out, as far as that can be known beforehand
 */
export async function planProvisioning(
  desired: Desired,
  { send = fetch, report = () => {}, pause, secrets = new Secrets() }: ProvisionOptions = {},
): Promise<Provisioning> {
  needs('provision')
  addSecretsOf(desired, secrets)
  const call = managementFetch({ send, report, secrets, ...(pause && { pause }) })
  const logto = await managementClient(desired.logto, call)
  const wired: Wired = {}
  // Before the first call: a server gives up a connection that stands idle for so long.
  if (desired.okta) await loadOkta()

  report(phrase`reading Logto at ${desired.logto.endpoint}`)
  await assertOwnEndpoint(desired.logto.endpoint, call)
  const connectors = await logto.connectors()
  wired.connectorIds = connectors.map(({ id }) => id)
  const connector = findConnector(connectors, desired)
  // The connector goes first: what Logto can refuse, it refuses here, before anything else was made.
  const steps: Step[] = [planConnector(logto, desired, connector, wired)]
  const left: InEachLanguage[] = []
  const connection = await planConnection(desired, logto, connector, wired, { call, report, left })
  steps.push(...connection.steps)
  report(phrase`reading the rest of Logto`)
  steps.push(
    await planApplication(logto, desired, wired),
    await planSingleSignOn(logto),
    await planIdTokenClaims(logto, left),
  )
  if (desired.webhooks) steps.push(await planWebhook(logto, desired, wired))
  if (desired.apiResource !== undefined) {
    const withApi = { ...desired, apiResource: desired.apiResource }
    steps.push(await planApiResource(logto, withApi, wired))
    if (desired.apiPermissions.length > 0) steps.push(await planRole(logto, withApi, wired))
  }

  if (desired.organization) steps.push(...(await planOrganization(logto, desired.organization, wired, left)))

  // The app has to know the company before it answers Okta.
  steps.push(...connection.last, ...(await planSharedAccounts(logto)))

  return {
    steps,
    wired,
    left,
    byHand: isByHand(desired, connector),
    async apply() {
      for (const step of steps.filter(isToDo)) {
        report(
          step.action === 'create' ? phrase`creating ${step.resource}` : phrase`changing ${step.resource}`,
        )
        await step.apply()
      }
    },
  }
}

function addSecretsOf(desired: Desired, secrets: Secrets): void {
  const { logto, application, okta, byHand, companyHookKey, issuer, provider } = desired
  secrets.addClient(logto.appId, logto.appSecret)
  secrets.add(companyHookKey, issuer && companySecret(companyHookKey, issuer))
  secrets.add(application.secret, okta?.apiToken, byHand?.clientSecret, provider?.values?.clientSecret)
}
