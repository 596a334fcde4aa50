import { everyTenantTrusted, isOfEveryTenant } from '../../../provision/providers/entra-oidc.ts'
import type { Fault } from '../../../provision/providers/provider.ts'
import { type Check, type Finding, notTried } from '../../check.ts'
import { connectorPage } from '../../findings/console-pages.ts'
import * as words from '../../provider/openid-words.ts'
import { examineConnectors, type Subject } from '../../steps/connector-stages.ts'
import { behindManagement, management, managementFacts } from '../../steps/management.ts'

/** Whose word counts for an email address: by it Logto joins people to accounts. */
export const emailTrust: Check = {
  id: 'email-trust',
  title: 'Whose word counts for an email address',
  needs: ['management', 'authorization-uri'],
  async examine(on) {
    const tried = 'read trustUnverifiedEmail and the issuer at Logto'
    if ('absent' in (await management(on))) return notTried(tried, behindManagement)
    const facts = await managementFacts(on)
    const about = { id: 'email-trust', after: 'authorization-uri', protocol: 'oidc' } as const
    return examineConnectors(on, about, async (connector) => {
      const { config, domains } = facts?.connectors.find(({ id }) => id === connector.id) ?? {}
      const { issuer = '', trustUnverifiedEmail = false } = config ?? {}
      const answer = `trustUnverifiedEmail is ${trustUnverifiedEmail}`
      return {
        tried,
        ...faultOf(connector, { issuer, isTrusting: trustUnverifiedEmail, answer }),
        ...(connector.provider.name === 'GoogleWorkspace' && {
          answer: `${answer}; Google's issuer is that of every Google account, and its addresses are verified: the domains decide (${domains?.join(', ') || 'none'})`,
        }),
      }
    })
  },
}

function faultOf(
  { name, provider }: Subject,
  { issuer, isTrusting, answer }: { issuer: string; isTrusting: boolean; answer: string },
): Omit<Finding, 'tried'> {
  const isEntra = provider.name === 'AzureAdOidc'
  const of = ({ problem, fix }: Fault, setting: string) => ({
    answer,
    meaning: `${name}: ${setting} ${problem.en}.`,
    fix: `${connectorPage(name)} → Connection → ${setting}: ${fix.en}`,
    blocks: false,
  })
  if (isEntra && isOfEveryTenant(issuer)) {
    if (isTrusting) return { status: 'broken', ...of(everyTenantTrusted, 'Trust unverified email') }
    return { status: 'warning', ...of(words.everyTenant, 'Issuer') }
  }
  if (isEntra && !isTrusting) return { status: 'warning', ...of(words.unverified, 'Trust unverified email') }
  if (!isTrusting) return { status: 'ok', answer }
  return {
    status: 'ok',
    answer: `${answer}: it is for the company to see that administrators alone change addresses at its provider`,
  }
}
