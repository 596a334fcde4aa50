import type { ProviderFinding, Tried } from '../../doctor/provider/finding.ts'
import { tryProvider } from '../../doctor/provider/try-provider.ts'
import type { ConnectorAddresses, Provider, Values } from '../../provision/providers/provider.ts'
import { type Guard, guardedFetch, mayCall } from '../guarded-fetch.ts'

/** Tries the values of one provider. @param at the addresses that the provider has to know */
export type TryProvider = (provider: Provider, values: Values, at: ConnectorAddresses) => Promise<Tried>

/** What of a discovery document Logto will call (OpenID Connect Discovery 1.0 §3). */
const called = /_endpoint$|^jwks_uri$/

/**
 * The doctor's own checks, for values that a stranger has typed: it calls no address that is not to be called, and lets
 * none pass to Logto, which calls whatever a discovery document names.
 */
export function tryGuarded(guard: Guard): TryProvider {
  return async (provider, values, at) => {
    const discovered = new Set<string>()
    const send = guardedFetch(guard)
    const fetch: typeof send = async (input, init) => {
      const response = await send(input, init)
      const json: unknown = await response
        .clone()
        .json()
        .catch(() => undefined)
      for (const [name, value] of Object.entries(typeof json === 'object' && json !== null ? json : {})) {
        if (called.test(name) && typeof value === 'string') discovered.add(value)
      }
      return response
    }
    const tried = await tryProvider(provider, values, at, { fetch })
    const typed = [values.signInEndpoint, values.metadataUrl, values.issuer].filter(
      (each) => each !== undefined,
    )
    const all = [...discovered, ...typed]
    const may = await Promise.all(all.map((address) => mayCall(address, guard)))
    const refused = all.filter((_address, index) => !may[index])
    return refused.length === 0 ? tried : { ...tried, findings: [forbidden(values), ...tried.findings] }
  }
}

/** Which addresses these are is not said: the answer is not to tell what there is in the portal's own network. */
const forbidden = ({ issuer, metadataUrl }: Values): ProviderFinding => ({
  ...(issuer ? { field: 'issuer' } : metadataUrl ? { field: 'metadataUrl' } : {}),
  isBroken: true,
  problem: {
    en: 'is, or names, an address that is not called from here',
    ja: 'が、ここからは呼び出せないアドレスであるか、そのようなアドレスを含んでいます',
  },
  fix: {
    en: 'enter a provider whose addresses are all https, and can be reached from the internet',
    ja: 'すべてのアドレスが https で、インターネットから到達できるプロバイダーを入力してください',
  },
})
