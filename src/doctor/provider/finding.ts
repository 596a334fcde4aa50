import type { FieldName } from '../../provision/providers/provider.ts'
import type { Secrets } from '../../provision/secrets.ts'
import type { InEachLanguage } from '../../words/phrase.ts'
import type { Ask } from '../ask.ts'

/** What was found out about one value of a provider, or about the provider as a whole. */
export interface ProviderFinding {
  /** The value that it is about; undefined where it is about none alone. */
  field?: FieldName
  /** Whether nobody can sign in like this. */
  isBroken: boolean
  /** What is so; it follows the name of the field. */
  problem: InEachLanguage
  fix: InEachLanguage
}

/** What trying a provider's values has shown. */
export interface Tried {
  findings: readonly ProviderFinding[]
  /** Whom the connector will trust, as identities name it; undefined where nobody could be asked. */
  issuer: string | undefined
}

/** How a provider is asked. */
export interface Means {
  ask: Ask
  secrets: Secrets
  /** Our clock, in milliseconds since 1970. */
  now: () => number
}
