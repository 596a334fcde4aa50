import type { InEachLanguage } from '../../words/phrase.ts'
import type { Desired, OktaClient } from '../desired.ts'
import type { Connector } from '../logto/api/answers.ts'
import type { LogtoManagement } from '../logto/api/management.ts'
import { findApp, planApp } from '../okta/application.ts'
import { planAssignment } from '../okta/assignment.ts'
import { planEventHook } from '../okta/event-hook.ts'
import { additions, type Change, replacement, SECRET, type Step, union } from '../plan.ts'
import { ProvisionError, phrase } from '../problem.ts'
import { BASE_SCOPES, scopesIn } from '../providers/openid.ts'
import { known, type Wired } from '../wired.ts'
import { discoverIssuer, type Issuer, takesSecret } from './issuer.ts'

/** What planning uses from outside. */
export interface Means {
  call: typeof fetch
  report: (line: InEachLanguage) => void
  /** What could not be done, a sentence each. */
  left: InEachLanguage[]
}

/** What ties the connector to its provider: steps that follow the connector, and those that come last of all. */
export interface Connection {
  steps: Step[]
  last: Step[]
}

/** Imported only where it is used: it takes a second, or many on a slow machine, in which nothing else runs. */
export const loadOkta = () => import('../okta/management.ts')

/** Okta's half, by its API where there is a token, and what the connector has to know of it. */
export async function planOkta(
  desired: Desired & { issuer: string },
  logto: LogtoManagement,
  connector: Connector | undefined,
  wired: Wired,
  { call: send, report, left }: Means,
): Promise<Connection> {
  report(phrase`reading the issuer ${desired.issuer}`)
  const issuer = await discoverIssuer(desired.issuer, send, { fix: issuerFix })
  const { clientId, clientSecret } = connector?.config ?? {}
  const current = clientId && clientSecret ? { clientId, clientSecret } : undefined

  if (desired.okta) {
    const withOkta = { ...desired, okta: desired.okta }
    report(phrase`reading Okta at ${desired.okta.orgUrl}`)
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

const issuerFix = (meant?: string) =>
  meant
    ? phrase`Set OKTA_ISSUER to ${meant}, if that is the Okta you mean.`
    : phrase`Set OKTA_ISSUER (or OKTA_ORG_URL) to the issuer: the org's address, such as https://company.okta.com, or a custom authorization server's, such as https://company.okta.com/oauth2/default.`

async function assertTaken(
  issuer: Issuer,
  client: { clientId: string; clientSecret: string },
  send: typeof fetch,
): Promise<void> {
  if (await takesSecret(issuer, client, send)) return
  throw new ProvisionError(
    phrase`${issuer.issuer} refuses the client ${client.clientId} with the secret that is given.`,
    phrase`Copy Client ID and Client secret anew (Okta admin console → Applications → the application → General) into OKTA_CLIENT_ID and OKTA_CLIENT_SECRET.`,
  )
}

/**
 * What the connector knows of Okta: issuer, client and scope. Planned last, for the client may have to be made first.
 *
 * @param client the client as far as it is known now; undefined while the plan is still to make it
 * @param isGood whether Okta takes the secret that the connector has
 */
function planConnectorConfig(
  logto: LogtoManagement,
  desired: Desired & { issuer: string },
  found: Connector | undefined,
  { client, isGood }: { client: Partial<OktaClient> | undefined; isGood: boolean },
  wired: Wired,
): Step {
  const current = found?.config ?? {}
  wired.isIncomplete = wired.issuer === undefined
  wired.issuer = desired.issuer
  const scopes = scopesIn(current.scope)
  const wanted = union(scopes, [...BASE_SCOPES, ...desired.connector.scopes])
  const sameSecret =
    isGood && (client?.clientSecret === undefined || client.clientSecret === current.clientSecret)
  const changes: Change[] = [
    replacement(phrase`issuer`, current.issuer, desired.issuer),
    replacement(
      phrase`client ID`,
      current.clientId,
      client?.clientId ?? phrase`that of the application in Okta`,
    ),
    sameSecret ? [] : [{ field: phrase`client secret`, to: SECRET }],
    additions(phrase`scope`, scopes, wanted),
  ].flat()
  return {
    resource: phrase`Logto: connection of “${desired.connector.name}” to Okta`,
    action: changes.length === 0 ? 'leave' : current.clientId ? 'change' : 'create',
    changes,
    notes: [],
    async apply() {
      const { clientId, clientSecret } = known(wired, 'oktaClient')
      const { issuer } = desired
      await logto.changeConnector(known(wired, 'connectorId'), {
        config: { ...current, issuer, clientId, clientSecret, scope: wanted.join(' ') },
      })
      wired.isIncomplete = false
    },
  }
}
