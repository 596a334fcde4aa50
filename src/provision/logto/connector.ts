import { shellWord } from '../../settings/command-line.ts'
import { domainFrom } from '../../settings/values/email-domain.ts'
import { comma, joined } from '../../words/phrase.ts'
import type { Desired } from '../desired.ts'
import { additions, type Step, union } from '../plan.ts'
import { ProvisionError, phrase } from '../problem.ts'
import type { Wired } from '../wired.ts'
import type { Connector } from './api/answers.ts'
import type { LogtoManagement } from './api/management.ts'
import { connectorNameTaken } from './api/refusals.ts'
import { isComplete, issuerOf } from './trusted.ts'

/**
 * The connector that is meant: the one of its name, which is one connector's alone at Logto, if it is for our kind of
 * provider and our issuer, or for none yet.
 *
 * @throws ProvisionError when the name is another connector's, or one of the domains is
 */
export function findConnector(connectors: Connector[], desired: Desired): Connector | undefined {
  const { name, domains } = desired.connector
  const connector = connectors.find(({ connectorName }) => connectorName === name)
  const providerName = desired.provider?.name ?? 'Okta'
  if (connector && connector.providerName !== providerName) {
    throw connectorNameTaken(phrase`“${name}” is a connector for ${connector.providerName}`)
  }
  const { issuer } = connector?.config ?? {}
  const wanted = desired.provider ? desired.provider.values?.issuer : desired.issuer
  if (issuer && wanted && issuer.replace(/\/$/, '') !== wanted && !desired.takeOver) {
    throw connectorNameTaken(
      desired.provider
        ? phrase`“${name}” is for the issuer ${issuer}, and not for ${wanted}`
        : phrase`“${name}” is for the Okta at ${issuer}, and not for ${wanted}`,
    )
  }
  for (const other of connectors) {
    const theirs = other.domains.map(domainFrom)
    const taken = domains.filter((domain) => theirs.includes(domain))
    if (other === connector || taken.length === 0) continue
    throw new ProvisionError(
      taken.length === 1
        ? phrase`${taken.join()} is a domain of another connector already: “${other.connectorName}” (${other.id}).`
        : phrase`${joined(taken, comma)} are domains of another connector already: “${other.connectorName}” (${other.id}).`,
      phrase`Remove it there (Logto console → Enterprise SSO → ${other.connectorName} → Experience), or pass --connector-name ${shellWord(other.connectorName)} if that is the connector you mean.`,
    )
  }
  return connector
}

/** The connector itself, with its name and domains: it has to be there before its provider can be told of its addresses. */
export function planConnector(
  logto: LogtoManagement,
  desired: Desired,
  found: Connector | undefined,
  wired: Wired,
): Step {
  const { name, domains } = desired.connector
  const issuer = found && isComplete(found) ? (desired.issuer ?? issuerOf(found)) : undefined
  if (issuer) wired.issuer = issuer
  wired.domains = domains
  if (!found) {
    return {
      resource: phrase`Logto: enterprise connector “${name}”`,
      action: 'create',
      changes: additions(phrase`email domains`, [], domains),
      notes: [],
      async apply() {
        const { name: providerName } = desired.provider ?? { name: 'Okta' as const }
        const { id } = await logto.createConnector({ providerName, connectorName: name, domains })
        wired.connectorId = id
      },
    }
  }
  wired.connectorId = found.id
  const { serviceProvider } = found.providerConfig ?? {}
  if (serviceProvider) wired.serviceProvider = serviceProvider
  // Domain names know no case (RFC 4343), and Logto refuses one that it has in another.
  const theirs = found.domains.map((domain) => domain.toLowerCase())
  const missing = domains.filter((domain) => !theirs.map(domainFrom).includes(domain))
  wired.domains = union(theirs, missing)
  const changes = additions(phrase`email domains`, theirs, missing)
  return {
    resource: phrase`Logto: enterprise connector “${name}” (${found.id})`,
    action: changes.length > 0 ? 'change' : 'leave',
    changes,
    notes: [],
    async apply() {
      await logto.changeConnector(found.id, { domains: union(theirs, missing) })
    },
  }
}
