import type { IncomingMessage, ServerResponse } from 'node:http'
import type Provider from 'oidc-provider'
import { secret } from '../../shared/random.ts'
import { createLogtoProvider, type ProviderParts } from './provider.ts'
import { createSigningKey, type KeyKind, type SigningKey } from './signing-keys.ts'

export interface Issuer {
  /** The provider as it is now: another one after each rotation of the keys, over the same storage. */
  provider(): Provider
  answer(req: IncomingMessage, res: ServerResponse): void
  /** Live, the newest first: that one signs, and each of them is published. */
  keys: readonly SigningKey[]
  /**
   * Signs with a new key from now on. Logto keeps the one before it in the published set, and no other.
   *
   * @param dropOld whether that one, too, is gone at once
   */
  rotateKeys(kind: KeyKind, dropOld?: boolean): Promise<void>
  /** Takes a key out of the published set; with the newest gone, the one before it signs again. */
  deleteKey(key: SigningKey): void
}

const KEPT_KEYS = 2

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
    async rotateKeys(kind, dropOld = false) {
      keys.unshift(await createSigningKey(kind))
      keys.splice(dropOld ? 1 : KEPT_KEYS)
      current = make()
    },
    deleteKey(key) {
      keys.splice(keys.indexOf(key), 1)
      current = make()
    },
  }
}
