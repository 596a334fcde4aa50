import type { Desired } from '../desired.ts'
import type { Connector } from '../logto/api/answers.ts'
import type { LogtoManagement } from '../logto/api/management.ts'
import { isComplete } from '../logto/trusted.ts'
import type { Wired } from '../wired.ts'
import { type Connection, type Means, planOkta } from './okta.ts'
import { planOther } from './other.ts'

/**
 * Plans what ties the connector to the company's provider.
 *
 * @param connector as it is there; undefined where it is still to be made
 */
export async function planConnection(
  desired: Desired,
  logto: LogtoManagement,
  connector: Connector | undefined,
  wired: Wired,
  means: Means,
): Promise<Connection> {
  const { provider, issuer } = desired
  if (provider) {
    return { steps: await planOther({ ...desired, provider }, logto, connector, wired, means), last: [] }
  }
  if (!issuer) return { steps: [], last: [] }
  return planOkta({ ...desired, issuer }, logto, connector, wired, means)
}

/** Whether somebody has to make the provider's half, and say what came of it, before anybody can sign in. */
export function isByHand({ provider, okta, byHand }: Desired, connector: Connector | undefined): boolean {
  if (provider) return !provider.values && !(connector && isComplete(connector))
  return !okta && !byHand && !connector?.config.clientId
}
