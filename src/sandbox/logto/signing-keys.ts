import {
  type CryptoKey,
  calculateJwkThumbprint,
  errors,
  exportJWK,
  generateKeyPair,
  type JWK,
  type JWTVerifyGetKey,
} from 'jose'

export const SIGNING = 'ES384'

export interface SigningKey {
  kid: string
  privateKey: CryptoKey
  publicKey: CryptoKey
  /** The private key as oidc-provider takes it. */
  jwk: JWK
}

export async function createSigningKey(): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(SIGNING, { extractable: true })
  const jwk = await exportJWK(privateKey)
  const kid = await calculateJwkThumbprint(jwk)
  return { kid, privateKey, publicKey, jwk: { ...jwk, kid } }
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
