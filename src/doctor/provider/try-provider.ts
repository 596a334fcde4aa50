import type { ConnectorAddresses, Provider, Values } from '../../provision/providers/provider.ts'
import { Secrets } from '../../provision/secrets.ts'
import { fetchWithin } from '../../sso/logto/logto-requester.ts'
import { asker } from '../ask.ts'
import type { ProviderFinding, Tried } from './finding.ts'
import { tryOpenId } from './try-openid.ts'
import { trySaml } from './try-saml.ts'

/** Longest time that one call may take, in milliseconds. */
const longestCall = 5000

/**
 * Tries what somebody has entered for a provider, without a connector that has it: signs nobody in and changes nothing.
 *
 * @param values good each for itself, as `readValues` gives them
 * @param at the addresses of the connector that is to have them, which the provider has to know
 * @param options.fetch calls out @param options.now the clock, in milliseconds since 1970
 * @returns what is wrong, each with the value that it is about; no secret is in it
 */
export async function tryProvider(
  provider: Provider,
  values: Values,
  at: ConnectorAddresses,
  { fetch, now = Date.now }: { fetch: typeof globalThis.fetch; now?: () => number },
): Promise<Tried> {
  const secrets = new Secrets()
  secrets.addClient(values.clientId ?? '', values.clientSecret ?? '')
  const means = { ask: asker(fetchWithin(fetch, longestCall), now), secrets, now }
  const { issuer, findings } = await (provider.protocol === 'oidc'
    ? tryOpenId(provider, values, at, means)
    : trySaml(values, at, means))
  return { issuer, findings: findings.map((finding) => ofFields(provider, finding)) }
}

/** What Logto cannot read of a provider, that it has been given. */
export const unreadable = ({ protocol }: Provider): ProviderFinding => ({
  field: protocol === 'saml' ? 'metadataUrl' : 'issuer',
  isBroken: true,
  problem: { en: 'leads to nothing that Logto can read', ja: 'の先を Logto が読めません' },
  fix: {
    en: 'see that it is right and up, and that Logto itself can reach it: a Logto elsewhere knows no localhost of yours',
    ja: '正しいこと、応答すること、そして Logto 自身から接続できることを確かめてください。別の場所の Logto は、手元の localhost に接続できません',
  },
})

/** Google's issuer is no field: what is wrong with it is of the provider as a whole, by its name. */
function ofFields({ fields, label }: Provider, finding: ProviderFinding): ProviderFinding {
  const { field, problem, ...rest } = finding
  if (field === undefined || fields.some(({ name }) => name === field)) return finding
  return { ...rest, problem: { en: `${label.en} ${problem.en}`, ja: `${label.ja} ${problem.ja}` } }
}
