import { createSecretKey } from 'node:crypto'
import { parse } from 'cookie'
import { unsign } from 'cookie-signature'

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
  return (header) => {
    const given = header === undefined ? undefined : parse(header)[name]
    if (!given?.startsWith('s:')) return undefined
    for (const key of keys) {
      const value = unsign(given.slice(2), key)
      if (value !== false) return value
    }
    return undefined
  }
}
