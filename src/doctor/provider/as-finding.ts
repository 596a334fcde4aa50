import type { Provider } from '../../provision/providers/provider.ts'
import type { Finding } from '../check.ts'
import { connectorPage } from '../findings/console-pages.ts'
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
  if (!entered) return { status, meaning: `${provider.label.en}: ${problem.en}`, fix: fix.en }
  const { label, hint } = entered
  return {
    status,
    meaning: `${name}: ${label.en} ${problem.en}.`,
    fix: `${connectorPage(name)} → Connection → ${label.en}: ${fix.en}. ${hint.en}`,
  }
}
