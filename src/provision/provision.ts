import { companySecret } from '../settings/companies/company-secret.ts'
import { planSharedAccounts } from './accounts.ts'
import { type Issuer, readIssuer, takesSecret } from './connection/issuer.ts'
import type { Desired } from './desired.ts'
import type { Connector } from './logto/api/answers.ts'
import { type LogtoManagement, managementClient } from './logto/api/management.ts'
import { planApiResource } from './logto/api-resource.ts'
import { planApplication } from './logto/application.ts'
import { findConnector, planConnector, planConnectorConfig } from './logto/connector.ts'
import { planIdTokenClaims } from './logto/id-token-claims.ts'
import { planRole } from './logto/role.ts'
import { planSingleSignOn } from './logto/single-sign-on.ts'
import { assertOwnEndpoint } from './logto/tenant.ts'
import { planWebhook } from './logto/webhook.ts'
import { findApp, planApp } from './okta/application.ts'
import { planAssignment } from './okta/assignment.ts'
import { planEventHook } from './okta/event-hook.ts'
import { patientFetch } from './patient-fetch.ts'
import { isToDo, type Step } from './plan.ts'
import { ProvisionError } from './problem.ts'
import { Secrets } from './secrets.ts'
import type { Wired } from './wired.ts'
import { withoutEchoes } from './without-echoes.ts'

export type { Desired } from './desired.ts'

export interface Provisioning {
  /** In the order in which they have to be done. */
  steps: Step[]
  /** What is known of the two tenants; complete once everything is applied. */
  wired: Wired
  /** Whether Okta's half is still to be made by hand. */
  oktaByHand: boolean
  /** What could not be done, a sentence each, once everything else is. */
  left: readonly string[]
  /** Does what there is to do. Wherever it breaks off, the next plan goes on from there. */
  apply(): Promise<void>
}

export interface ProvisionOptions {
  send?: typeof fetch
  /** Told of each thing before the network is waited for. */
  report?: (line: string) => void
  pause?: (milliseconds: number) => Promise<unknown>
  /** Told of every secret that comes up. */
  secrets?: Secrets
}

/**
 * Compares both tenants with what they should hold, and changes nothing yet.
 *
 * @returns the plan, and the way to apply it
 * @throws ProvisionError for whatever keeps it from being carried out, as far as that can be known beforehand
 */
export async function planProvisioning(
  desired: Desired,
  { send = fetch, report = () => {}, pause, secrets = new Secrets() }: ProvisionOptions = {},
): Promise<Provisioning> {
  addSecretsOf(desired, secrets)
  const call = withoutEchoes(patientFetch({ send, report, ...(pause && { pause }) }), secrets)
  const logto = managementClient(desired.logto, call)
  const wired: Wired = {}
  // Before the first call: a server gives up a connection that stands idle for so long.
  if (desired.okta) await loadOkta()

  report(`reading Logto at ${desired.logto.endpoint}`)
  await assertOwnEndpoint(desired.logto.endpoint, call)
  const connector = findConnector(await logto.connectors(), desired)
  // The connector goes first: what Logto can refuse, it refuses here, before anything else was made.
  const steps: Step[] = [planConnector(logto, desired, connector, wired)]
  const left: string[] = []
  const okta = desired.issuer
    ? await planOkta({ ...desired, issuer: desired.issuer }, logto, connector, wired, { call, report, left })
    : { steps: [], last: [] }
  steps.push(...okta.steps)
  report('reading the rest of Logto')
  steps.push(
    await planApplication(logto, desired, wired),
    await planSingleSignOn(logto),
    await planIdTokenClaims(logto, left),
  )
  if (desired.webhooks) steps.push(await planWebhook(logto, desired, wired))
  if (desired.apiResource !== undefined) {
    const withApi = { ...desired, apiResource: desired.apiResource }
    steps.push(await planApiResource(logto, withApi, wired), await planRole(logto, withApi, wired))
  }

  // The app has to know the company before it answers Okta.
  steps.push(...okta.last, ...(await planSharedAccounts(logto)))

  return {
    steps,
    wired,
    left,
    oktaByHand: !desired.okta && !desired.byHand && !connector?.config.clientId,
    async apply() {
      for (const step of steps.filter(isToDo)) {
        report(`${step.action === 'create' ? 'creating' : 'changing'} ${step.resource}`)
        await step.apply()
      }
    },
  }
}

function addSecretsOf(desired: Desired, secrets: Secrets): void {
  const { logto, application, okta, byHand, companyHookKey, issuer } = desired
  secrets.addClient(logto.appId, logto.appSecret)
  secrets.add(companyHookKey, issuer && companySecret(companyHookKey, issuer))
  secrets.add(application.secret, okta?.apiToken, byHand?.clientSecret)
}

/** Imported only where it is used: it takes a second, or many on a slow machine, in which nothing else runs. */
const loadOkta = () => import('./okta/management.ts')

/** Okta's half, by its API where there is a token, and what the connector has to know of it. */
async function planOkta(
  desired: Desired & { issuer: string },
  logto: LogtoManagement,
  connector: Connector | undefined,
  wired: Wired,
  { call: send, report, left }: { call: typeof fetch; report: (line: string) => void; left: string[] },
): Promise<{ steps: Step[]; last: Step[] }> {
  report(`reading the issuer ${desired.issuer}`)
  const issuer = await readIssuer(desired.issuer, send)
  const { clientId, clientSecret } = connector?.config ?? {}
  const current = clientId && clientSecret ? { clientId, clientSecret } : undefined

  if (desired.okta) {
    const withOkta = { ...desired, okta: desired.okta }
    report(`reading Okta at ${desired.okta.orgUrl}`)
    const { connectOkta } = await loadOkta()
    const okta = connectOkta(desired.okta, send)
    const app = await findApp(okta, withOkta, connector && { id: connector.id, clientId })
    const appClientId = app?.credentials.oauthClient.client_id
    const isGood =
      current !== undefined && current.clientId === appClientId && (await takesSecret(issuer, current, send))
    if (isGood) wired.oktaClient = current
    if (app?.universalLogout?.status) wired.universalLogout = app.universalLogout.status
    const steps = [
      planApp(okta, withOkta, app, isGood, wired),
      await planAssignment(okta, desired.group, wired),
      planConnectorConfig(
        logto,
        desired,
        connector,
        { client: appClientId ? { clientId: appClientId } : undefined, isGood },
        wired,
      ),
    ]
    return { steps, last: await planEventHook(okta, withOkta, wired, left) }
  }

  const client = desired.byHand ?? current
  if (!client) return { steps: [], last: [] }
  await assertTaken(issuer, client, send)
  wired.oktaClient = client
  const isGood = current !== undefined
  return { steps: [planConnectorConfig(logto, desired, connector, { client, isGood }, wired)], last: [] }
}

async function assertTaken(
  issuer: Issuer,
  client: { clientId: string; clientSecret: string },
  send: typeof fetch,
): Promise<void> {
  if (await takesSecret(issuer, client, send)) return
  throw new ProvisionError(
    `${issuer.issuer} refuses the client ${client.clientId} with the secret that is given.`,
    'Copy Client ID and Client secret anew (Okta admin console → Applications → the application → General) into OKTA_CLIENT_ID and OKTA_CLIENT_SECRET.',
  )
}
