/**
 * What a token of Logto's, or of a company's, may be signed with: the algorithms with a private key that only the issuer
 * has. An unsigned token, or one signed with a secret that others hold too, proves nothing (RFC 8725 §3.1, §3.2).
 */
export const asymmetricAlgorithms = [
  ...['ES', 'RS', 'PS'].flatMap((kind) => ['256', '384', '512'].map((size) => kind + size)),
  'EdDSA',
  'Ed25519',
]

export const isAsymmetric = (algorithm: string): boolean => asymmetricAlgorithms.includes(algorithm)
