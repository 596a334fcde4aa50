type Tokens = Partial<Record<'id_token' | 'access_token' | 'refresh_token', string>>

/** A `fetch` that counts the bytes of the ID, access and refresh token that were given last. */
export function countedTokens(): { fetch: typeof fetch; bytes: () => number } {
  let bytes = 0
  return {
    async fetch(input, init) {
      const response = await fetch(input, init)
      if (String(input).endsWith('/oidc/token')) bytes = sizeOf((await response.clone().json()) as Tokens)
      return response
    },
    bytes: () => bytes,
  }
}

function sizeOf(answer: Tokens): number {
  const tokens = [answer.id_token, answer.access_token, answer.refresh_token]
  return tokens.reduce((sum, token = '') => sum + Buffer.byteLength(token), 0)
}
