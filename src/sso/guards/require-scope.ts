import type { RequestHandler } from 'express'
import { bearerRefusal } from './bearer-token.ts'
import { accessOf } from './require-access.ts'

/**
 * Lets only access tokens through that have every one of these scopes. A scope is what a person let a program do in
 * their name (RFC 6749 §3.3): who sits at their own browser needs none.
 *
 * @param scopes permissions of the API resource in Logto, such as `read:reports`
 * @returns middleware, for behind `requireAccess`, or `requireSignIn`, behind which it lets everybody through; it raises
 *   a 403 that names the scopes
 * @throws TypeError where there is none, or one that no token can have
 */
export function requireScope(...scopes: [string, ...string[]]): RequestHandler {
  if (scopes.length === 0 || !scopes.every(isScope)) {
    throw new TypeError(
      "requireScope takes scopes, each a string of its own without spaces: requireScope('read:reports', 'write:reports')",
    )
  }
  return (req, _res, next) => {
    const access = accessOf(req)
    if (access.by === 'session' || scopes.every((scope) => access.scopes.includes(scope))) return next()
    throw bearerRefusal('insufficient_scope', {
      words: 'scope_missing',
      params: { scope: scopes.join(' ') },
      scope: scopes,
    })
  }
}

/** RFC 6749 §3.3, `scope-token`. */
const isScope = (scope: unknown) => typeof scope === 'string' && /^[!#-[\]-~]+$/.test(scope)
