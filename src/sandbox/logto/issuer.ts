import type { IncomingMessage, ServerResponse } from 'node:http'
import type Provider from 'oidc-provider'
import { secret } from '../shared/random.ts'
import { createLogtoProvider, type ProviderParts } from './provider.ts'
import { createSigningKey, type SigningKey } from './signing-keys.ts'

export interface Issuer {
  /** The provider as it is now: another one after each rotation of the keys, over the same storage. */
  provider(): Provider
  answer(req: IncomingMessage, res: ServerResponse): void
  /** Live, the newest first: that one signs, and each of them is published. */
  keys: readonly SigningKey[]
  /**
   * Signs with a new key from now on.
   *
   * @param dropOld whether the older keys are gone from the published set at once; Logto keeps them
   */
  rotateKeys(dropOld: boolean): Promise<void>
}

/**
 * Logto's OpenID provider, whose keys can be rotated. oidc-provider takes its keys once and for all, so a rotation
 * puts a new provider in the old one's place; a request under way is finished by the one that began it.
 */
export async function createIssuer(parts: Omit<ProviderParts, 'keys' | 'cookieKey'>): Promise<Issuer> {
  const keys = [await createSigningKey()]
  const cookieKey = secret(32)
  const make = () => {
    const provider = createLogtoProvider({ ...parts, keys, cookieKey })
    return { provider, answer: provider.callback() }
  }
  let current = make()
  return {
    keys,
    provider: () => current.provider,
    answer: (req, res) => void current.answer(req, res),
    async rotateKeys(dropOld) {
      const key = await createSigningKey()
      keys.splice(0, dropOld ? keys.length : 0, key)
      current = make()
    },
  }
}
