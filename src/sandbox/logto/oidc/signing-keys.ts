import {
  type CryptoKey,
  calculateJwkThumbprint,
  errors,
  exportJWK,
  generateKeyPair,
  type JWK,
  type JWTVerifyGetKey,
} from 'jose'
import { logtoId } from '../../shared/random.ts'

/** What Logto signs with, by the kind of its key: EC until an operator rotates to RSA. */
export const ALGORITHMS = { EC: 'ES384', RSA: 'RS256' } as const

export type KeyKind = keyof typeof ALGORITHMS

export interface SigningKey {
  /** What the Management API calls it; tokens name `kid`. */
  id: string
  kind: KeyKind
  alg: (typeof ALGORITHMS)[KeyKind]
  kid: string
  /** Seconds since 1970, unlike Logto's other times. */
  createdAt: number
  privateKey: CryptoKey
  publicKey: CryptoKey
  /** The private key as oidc-provider takes it. */
  jwk: JWK
}

export async function createSigningKey(kind: KeyKind = 'EC'): Promise<SigningKey> {
  const alg = ALGORITHMS[kind]
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  const jwk = await exportJWK(privateKey)
  const kid = await calculateJwkThumbprint(jwk)
  const createdAt = Math.floor(Date.now() / 1000)
  return { id: logtoId(21), kind, alg, kid, createdAt, privateKey, publicKey, jwk: { ...jwk, kid } }
}

/** The key that signs: the newest. */
export function signingKeyOf([newest]: readonly SigningKey[]): SigningKey {
  if (!newest) throw new Error('there is always a key that signs')
  return newest
}

/**
 * Finds the key a token names, for jose.
 *
 * @param keys live: the keys as they are when the token is verified
 */
export function keyOf(keys: readonly SigningKey[]): JWTVerifyGetKey {
  return ({ kid }) => {
    const key = keys.find((candidate) => candidate.kid === kid)
    if (!key) throw new errors.JWKSNoMatchingKey()
    return key.publicKey
  }
}
