import { generateKeyPairSync } from 'node:crypto'
import { exportJWK } from 'jose'

const ec = () => generateKeyPairSync('ec', { namedCurve: 'P-384' })
/** The keys that the fake signs with, and those that are nobody's here. */
export const keys = {
  first: { alg: 'ES384', kid: 'key-1', ...ec() },
  second: { alg: 'ES384', kid: 'key-2', ...ec() },
  third: { alg: 'ES384', kid: 'key-3', ...ec() },
  stranger: { alg: 'ES384', kid: 'stranger', ...ec() },
  rsa: { alg: 'RS256', kid: 'rsa', ...generateKeyPairSync('rsa', { modulusLength: 2048 }) },
  edwards: { alg: 'EdDSA', kid: 'edwards', ...generateKeyPairSync('ed25519') },
}

/** A key as the key set has it. */
export async function publicJwk(name: keyof typeof keys) {
  const { alg, kid, publicKey } = keys[name]
  return { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' }
}
