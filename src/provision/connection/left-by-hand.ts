import { commandLine } from '../../settings/command-line.ts'
import { companySecret } from '../../settings/companies/company-secret.ts'
import type { Text } from '../../words/phrase.ts'
import type { Desired } from '../desired.ts'
import { oktaByHand } from '../okta/by-hand.ts'
import { eventHookByHand, universalLogoutByHand } from '../okta/leaving-by-hand.ts'
import type { Step } from '../plan.ts'
import { phrase } from '../problem.ts'
import type { Wired } from '../wired.ts'
import { providerByHand } from './provider-by-hand.ts'

interface Circumstances {
  /** The file of settings, as it was planned. */
  envFile: Pick<Step, 'resource' | 'changes'>
  /** Whether anything was changed in this run. */
  changed: boolean
  /** Whether somebody asked to see it again. */
  asked: boolean
  isTerminal: boolean
}

/**
 * What is left to enter in the provider's console, in the order in which it can be.
 *
 * @returns a text each; those with `secret` hold the event hook's secret, and are for a terminal's eyes only
 */
export function leftByHand(
  desired: Desired,
  { wired, byHand: isToBeMade }: { wired: Wired; byHand: boolean },
  { envFile, changed, asked, isTerminal }: Circumstances,
): Array<{ text: Text; secret?: true }> {
  if (!wired.connectorId) return []
  if (desired.provider) {
    if (!isToBeMade && !changed && !asked) return []
    return [{ text: providerByHand({ ...desired, provider: desired.provider }, wired, envFile.resource) }]
  }
  if (isToBeMade) return [{ text: oktaByHand(desired, wired.connectorId, envFile.resource) }]
  if (!changed && !asked) return []
  const texts: Array<{ text: Text; secret?: true }> = []
  const { issuer } = desired
  if (issuer && (!desired.okta || wired.hookByHand)) {
    const isNew = envFile.changes.some(({ field }) =>
      ['COMPANY_HOOK_KEY', 'SSO_CONNECTORS'].includes(field.en),
    )
    const shown = isTerminal && (asked || isNew)
    const secret = shown
      ? companySecret(desired.companyHookKey, issuer)
      : phrase`${commandLine('provision', '--by-hand')} shows it, at a terminal; it is base64url(HMAC-SHA-256(COMPANY_HOOK_KEY, ${issuer}))`
    const text = eventHookByHand(desired, wired.connectorId, secret)
    texts.push(shown ? { text, secret: true } : { text })
  }
  if (issuer && !['ENABLED', 'UNSUPPORTED'].includes(wired.universalLogout ?? '')) {
    texts.push({ text: universalLogoutByHand(desired) })
  }
  return texts
}
