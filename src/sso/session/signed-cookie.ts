import { createSecretKey } from 'node:crypto'
import { parse } from 'cookie'
import { unsign } from 'cookie-signature'
import { LRUCache } from 'lru-cache'

/** Cookies that are remembered to be ours, so that somebody's next page costs no HMAC; some 300 bytes each. */
const maximumKnown = 10_000

/**
 * Reads a cookie as express-session signs it: `s:`, the value, a dot, and the value's HMAC.
 *
 * @param name the cookie's name
 * @param secrets every one verifies
 * @returns a function that takes a `Cookie` header, and gives the value; undefined for anything not signed by us
 */
export function signedCookie(
  name: string,
  secrets: readonly string[],
): (header: string | undefined) => string | undefined {
  const keys = secrets.map((secret) => createSecretKey(secret, 'utf8'))
  const known = new LRUCache<string, string>({ max: maximumKnown })

  function verified(given: string): string | undefined {
    for (const key of keys) {
      const value = unsign(given.slice(2), key)
      if (value === false) continue
      known.set(given, value)
      return value
    }
    return undefined
  }

  return (header) => {
    const given = header === undefined ? undefined : parse(header)[name]
    if (!given?.startsWith('s:')) return undefined
    return known.get(given) ?? verified(given)
  }
}
