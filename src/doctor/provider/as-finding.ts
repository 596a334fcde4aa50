import type { Provider } from '../../provision/providers/provider.ts'
import type { Finding } from '../check.ts'
import { connectorPage } from '../findings/console-pages.ts'
import { phrase } from '../phrase.ts'
import type { ProviderFinding } from './finding.ts'

/**
 * What was found out about a value, as a check says it: of the connector that has the value, and where it stands.
 *
 * @param connector its name as it is spoken of, and its provider
 */
export function asFinding(
  { name, provider }: { name: string; provider: Provider },
  { field, isBroken, problem, fix }: ProviderFinding,
): Pick<Finding, 'status' | 'meaning' | 'fix'> {
  const status = isBroken ? 'broken' : 'warning'
  const entered = provider.fields.find((each) => each.name === field)
  if (!entered) return { status, meaning: phrase`${provider.label}: ${problem}`, fix }
  const { label, hint } = entered
  return {
    status,
    meaning: phrase`${name}: ${label} ${problem}.`,
    fix: phrase`${connectorPage(name)} → Connection → ${label}: ${fix}. ${hint}`,
  }
}
