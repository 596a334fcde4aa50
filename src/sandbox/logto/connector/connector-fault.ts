import {
  AuthorizationResponseError,
  ClientError,
  ResponseBodyError,
  WWWAuthenticateChallengeError,
} from 'openid-client'
import { IssuerFault } from './connector-issuer.ts'

/** The identity provider refused, did not answer, or gave an answer that cannot be verified. */
export class ConnectorFault extends Error {
  override readonly name = 'ConnectorFault'

  constructor(cause: unknown) {
    super('the connector failed', { cause })
  }

  /** Whether there was no identity provider to be heard, rather than one that refused. */
  get isUnreachable(): boolean {
    return isUnreachable(this.cause)
  }

  /** What an operator reads of it: the identity provider's own words where it gave any. */
  problem(connectorName: string): string {
    const { cause } = this
    if (cause instanceof AuthorizationResponseError) {
      return `${connectorName} answered: ${cause.error_description ?? cause.error}`
    }
    const code = refusalOf(cause)
    if (code) return `${connectorName} refused the sign-in: ${code}.`
    return isUnreachable(cause)
      ? `${connectorName} does not answer.`
      : `The answer of ${connectorName} could not be verified.`
  }
}

/**
 * Runs a step that talks to the identity provider.
 *
 * @throws ConnectorFault for failures of the protocol and the network; anything else is a bug of ours and stays one
 */
export async function asConnectorFault<T>(step: () => Promise<T>): Promise<T> {
  try {
    return await step()
  } catch (error) {
    throw isFault(error) ? new ConnectorFault(error) : error
  }
}

const isFault = (error: unknown) =>
  error instanceof AuthorizationResponseError ||
  error instanceof ClientError ||
  error instanceof IssuerFault ||
  refusalOf(error) !== undefined ||
  isUnreachable(error)

/** The OAuth error of a token or userinfo endpoint, told in the body or in the challenge (RFC 6750 §3). */
function refusalOf(error: unknown): string | undefined {
  if (error instanceof ResponseBodyError) return error.error
  if (error instanceof WWWAuthenticateChallengeError) {
    return error.cause.map(({ parameters }) => parameters.error).find(Boolean) ?? String(error.status)
  }
  return undefined
}

/**
 * Nothing came back, or not in time. fetch rejects with a TypeError whose cause is what happened on the wire; a
 * TypeError of ours has no cause.
 */
const isUnreachable = (error: unknown): boolean => {
  if (error instanceof IssuerFault) return isUnreachable(error.cause)
  if (error instanceof ClientError) return error.code === 'OAUTH_TIMEOUT'
  if (error instanceof DOMException) return error.name === 'TimeoutError'
  return error instanceof TypeError && error.cause instanceof Error
}
