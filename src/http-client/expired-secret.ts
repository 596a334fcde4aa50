/**
 * Whether a token endpoint refuses a client because its secret has run out. Logto says so by `invalid_request`, where
 * RFC 6749 §5.2 has `invalid_client`; only its words tell.
 *
 * @param answer the two parts of an error answer
 */
export const isExpiredSecret = ({ code, words }: { code: string; words: string }): boolean =>
  /^(oidc\.)?invalid_(request|client)$/.test(code) && /\bsecret\b.{0,100}\bexpired\b/i.test(words)
