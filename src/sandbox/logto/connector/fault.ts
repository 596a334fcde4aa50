/** What was wrong: nobody answered, the answer proves nothing, or the provider said no, by a code or in words. */
type Reason = 'unreachable' | 'unverifiable' | 'refused' | 'answered'

/** The identity provider refused, did not answer, or gave an answer that cannot be verified. */
export class ConnectorFault extends Error {
  override readonly name = 'ConnectorFault'
  readonly reason: Reason
  /** The provider's own words, where it gave any. */
  readonly words: string

  constructor(reason: Reason, words = '', options?: ErrorOptions) {
    super('the connector failed', options)
    this.reason = reason
    this.words = words
  }

  /** Whether there was no identity provider to be heard, rather than one that refused. */
  get isUnreachable(): boolean {
    return this.reason === 'unreachable'
  }

  /** What an operator reads of it. */
  problem(connectorName: string): string {
    switch (this.reason) {
      case 'answered':
        return `${connectorName} answered: ${this.words}`
      case 'refused':
        return `${connectorName} refused the sign-in: ${this.words}.`
      case 'unreachable':
        return `${connectorName} does not answer.`
      case 'unverifiable':
        return `The answer of ${connectorName} could not be verified.${this.words && ` ${this.words}`}`
    }
  }
}

/**
 * Nothing came back, or not in time. fetch rejects with a TypeError whose cause is what happened on the wire; a
 * TypeError of ours has no cause.
 */
export const isUnreachable = (error: unknown): boolean =>
  error instanceof DOMException
    ? error.name === 'TimeoutError'
    : error instanceof TypeError && error.cause instanceof Error

/** What happened on the wire: its code; of an address that is none, Node's. */
export function wireCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  if ('code' in error && typeof error.code === 'string') return error.code
  return wireCode(error.cause)
}
