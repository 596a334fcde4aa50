import { logtoId } from '../../shared/random.ts'
import type { SsoAttempt, SsoProfile } from './attempt.ts'
import { type CompleteConnector, isOpenId } from './connectors.ts'
import { ConnectorFault } from './fault.ts'
import { openIdAddress, openIdProfile } from './openid/client.ts'
import { samlAddress } from './saml/request.ts'

/**
 * The address to send the browser to.
 *
 * @param endpoint Logto's own address
 * @throws ConnectorFault when the provider does not answer as one within the time limit
 */
export const providerAddress = (
  endpoint: string,
  connector: CompleteConnector,
  attempt: SsoAttempt,
): Promise<string> =>
  isOpenId(connector) ? openIdAddress(connector, attempt) : samlAddress(endpoint, connector, attempt)

/**
 * Who has come back, by the provider's answer.
 *
 * @throws ConnectorFault when it refuses, does not answer, or proves nothing
 */
export async function profileFrom(
  connector: CompleteConnector,
  attempt: SsoAttempt,
  answer: URLSearchParams,
): Promise<SsoProfile> {
  if (isOpenId(connector)) return openIdProfile(connector, attempt, answer)
  if (!attempt.profile) throw new ConnectorFault('unverifiable')
  return attempt.profile
}

export const newNonce = (): string => logtoId(21)
