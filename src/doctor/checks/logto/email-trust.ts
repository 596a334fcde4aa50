import { everyTenantTrusted, isOfEveryTenant } from '../../../provision/providers/entra-oidc.ts'
import type { Text } from '../../../words/phrase.ts'
import { type Check, type Finding, notTried } from '../../check.ts'
import { phrase } from '../../phrase.ts'
import { asFinding } from '../../provider/as-finding.ts'
import type { ProviderFinding } from '../../provider/finding.ts'
import { everyTenant, unverified } from '../../provider/openid-words.ts'
import { examineConnectors, type Subject } from '../../steps/connector-stages.ts'
import { behindManagement, management, managementFacts } from '../../steps/management.ts'

/** Whose word counts for an email address: by it Logto joins people to accounts. */
export const emailTrust: Check = {
  id: 'email-trust',
  title: phrase`Whose word counts for an email address`,
  needs: ['management', 'authorization-uri'],
  async examine(on) {
    const tried = phrase`read trustUnverifiedEmail and the issuer at Logto`
    if ('absent' in (await management(on))) return notTried(tried, behindManagement)
    const facts = await managementFacts(on)
    const about = { id: 'email-trust', after: 'authorization-uri', protocol: 'oidc' } as const
    return examineConnectors(on, about, async (connector) => {
      const { config, domains } = facts?.connectors.find(({ id }) => id === connector.id) ?? {}
      const { issuer = '', trustUnverifiedEmail = false } = config ?? {}
      const answer = phrase`trustUnverifiedEmail is ${trustUnverifiedEmail}`
      return {
        tried,
        ...faultOf(connector, { issuer, isTrusting: trustUnverifiedEmail, answer }),
        ...(connector.provider.name === 'GoogleWorkspace' && {
          answer: phrase`${answer}; Google's issuer is that of every Google account, and its addresses are verified: the domains decide (${domains?.join(', ') || phrase`none`})`,
        }),
      }
    })
  },
}

function faultOf(
  connector: Subject,
  { issuer, isTrusting, answer }: { issuer: string; isTrusting: boolean; answer: Text },
): Omit<Finding, 'tried'> {
  const isEntra = connector.provider.name === 'AzureAdOidc'
  const of = (finding: ProviderFinding) => ({ answer, ...asFinding(connector, finding), blocks: false })
  if (isEntra && isOfEveryTenant(issuer)) return of(isTrusting ? tenantsTrusted : everyTenant)
  if (isEntra && !isTrusting) return of(unverified)
  if (!isTrusting) return { status: 'ok', answer }
  return {
    status: 'ok',
    answer: phrase`${answer}: it is for the company to see that administrators alone change addresses at its provider`,
  }
}

const tenantsTrusted: ProviderFinding = {
  field: 'trustUnverifiedEmail',
  isBroken: true,
  ...everyTenantTrusted,
}
