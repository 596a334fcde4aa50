import { domainFrom } from '../../settings/values/email-domain.ts'
import type { Desired, OktaClient } from '../desired.ts'
import { additions, type Change, replacement, SECRET, type Step, union } from '../plan.ts'
import { ProvisionError } from '../problem.ts'
import { BASE_SCOPES } from '../providers/openid.ts'
import { known, type Wired } from '../wired.ts'
import type { Connector } from './api/answers.ts'
import type { LogtoManagement } from './api/management.ts'
import { connectorNameTaken } from './api/refusals.ts'

/**
 * The connector that is meant: the one of its name, which is one connector's alone at Logto, if it is an Okta connector
 * for our issuer, or for none yet.
 *
 * @throws ProvisionError when the name is another connector's, or one of the domains is
 */
export function findConnector(connectors: Connector[], desired: Desired): Connector | undefined {
  const { name, domains } = desired.connector
  const connector = connectors.find(({ connectorName }) => connectorName === name)
  if (connector && connector.providerName !== 'Okta') {
    throw connectorNameTaken(`“${name}” is a connector for ${connector.providerName}`)
  }
  const { issuer } = connector?.config ?? {}
  if (issuer && desired.issuer && issuer.replace(/\/$/, '') !== desired.issuer) {
    throw connectorNameTaken(`“${name}” is for the Okta at ${issuer}, and not for ${desired.issuer}`)
  }
  for (const other of connectors) {
    const theirs = other.domains.map(domainFrom)
    const taken = domains.filter((domain) => theirs.includes(domain))
    if (other === connector || taken.length === 0) continue
    throw new ProvisionError(
      `${taken.join(', ')} ${taken.length === 1 ? 'is a domain' : 'are domains'} of another connector already: “${other.connectorName}” (${other.id}).`,
      `Take it off there (Logto console → Enterprise SSO → ${other.connectorName} → Experience), or pass --connector-name '${other.connectorName}' if that is the connector you mean.`,
    )
  }
  return connector
}

/** The connector itself, with its name and domains: it has to be there before Okta can be told of its callback. */
export function planConnector(
  logto: LogtoManagement,
  desired: Desired,
  found: Connector | undefined,
  wired: Wired,
): Step {
  const { name, domains } = desired.connector
  const { issuer, clientId, clientSecret } = found?.config ?? {}
  if (issuer && clientId && clientSecret) wired.issuer = desired.issuer ?? issuer.replace(/\/$/, '')
  wired.domains = domains
  if (!found) {
    return {
      resource: `Logto: enterprise connector “${name}”`,
      action: 'create',
      changes: additions('email domains', [], domains),
      notes: [],
      async apply() {
        wired.connectorId = (await logto.createConnector(name, { domains })).id
      },
    }
  }
  wired.connectorId = found.id
  // Domain names know no case (RFC 4343), and Logto refuses one that it has in another.
  const theirs = found.domains.map((domain) => domain.toLowerCase())
  const missing = domains.filter((domain) => !theirs.map(domainFrom).includes(domain))
  wired.domains = union(theirs, missing)
  const changes = additions('email domains', theirs, missing)
  return {
    resource: `Logto: enterprise connector “${name}” (${found.id})`,
    action: changes.length > 0 ? 'change' : 'leave',
    changes,
    notes: [],
    async apply() {
      await logto.changeConnector(found.id, { domains: union(theirs, missing) })
    },
  }
}

/**
 * What the connector knows of Okta: issuer, client and scope. Planned last, for the client may have to be made first.
 *
 * @param client the client as far as it is known now; undefined while the plan is still to make it
 * @param isGood whether Okta takes the secret that the connector has
 */
export function planConnectorConfig(
  logto: LogtoManagement,
  desired: Desired & { issuer: string },
  found: Connector | undefined,
  { client, isGood }: { client: Partial<OktaClient> | undefined; isGood: boolean },
  wired: Wired,
): Step {
  const current = found?.config ?? {}
  wired.isIncomplete = wired.issuer === undefined
  wired.issuer = desired.issuer
  const scopes = current.scope?.split(/[\s+]+/).filter(Boolean) ?? []
  const wanted = union(scopes, [...BASE_SCOPES, ...desired.connector.scopes])
  const sameSecret =
    isGood && (client?.clientSecret === undefined || client.clientSecret === current.clientSecret)
  const changes: Change[] = [
    replacement('issuer', current.issuer, desired.issuer),
    replacement('client ID', current.clientId, client?.clientId ?? 'that of the application in Okta'),
    sameSecret ? [] : [{ field: 'client secret', to: SECRET }],
    additions('scope', scopes, wanted),
  ].flat()
  return {
    resource: `Logto: connection of “${desired.connector.name}” to Okta`,
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
