import { createPublicKey, type JsonWebKey } from 'node:crypto'
import type { JWK } from 'jose'
import { z } from 'zod'
import { isAsymmetric } from './signature-algorithms.ts'

/** Keys of a set that are looked at. An issuer has a few, and each takes time to read. */
const most = 100
/** RFC 7518 §3.3, §3.5. */
const shortestModulus = 2048

/** What must hold of a key's description (RFC 7517 §4); the key itself is Node's to read. */
const signingKey = z.looseObject({
  kid: z.string().optional(),
  alg: z.string().refine(isAsymmetric).optional(),
  use: z.literal('sig').optional(),
  key_ops: z
    .array(z.unknown())
    .refine((operations) => operations.includes('verify'))
    .optional(),
  // A private key that everybody can read signs for nobody.
  d: z.never().optional(),
})

/**
 * The keys of a key set (RFC 7517 §5) that a signature can be verified with. Any other is passed over, as if it was not
 * there: one that cannot be read, is too short to prove anything, or is for other ends. Whoever names it names no key.
 *
 * @param keys what stands under `keys`
 * @returns the keys, and nothing that else was written beside them
 */
export function usableKeys(keys: readonly unknown[]): JWK[] {
  return keys.slice(0, most).flatMap((key) => usable(key) ?? [])
}

function usable(key: unknown): JWK | undefined {
  const { data } = signingKey.safeParse(key)
  if (!data) return undefined
  try {
    const read = createPublicKey({ key: key as JsonWebKey, format: 'jwk' })
    const { modulusLength = shortestModulus, publicExponent = 3n } = read.asymmetricKeyDetails ?? {}
    // With an exponent of 1 every text is its own signature.
    if (modulusLength < shortestModulus || publicExponent < 3n) return undefined
    const { kid, alg } = data
    return {
      ...(read.export({ format: 'jwk' }) as JWK),
      ...(kid !== undefined && { kid }),
      ...(alg && { alg }),
    }
  } catch {
    return undefined
  }
}
