import type { RequestHandler } from 'express'
import { CompactSign, decodeJwt, decodeProtectedHeader } from 'jose'
import type Provider from 'oidc-provider'
import type { SigningKey } from '../oidc/signing-keys.ts'
import type { Behaviour } from './behaviour.ts'

/** The claims that are times, in seconds. */
const TIMES = ['iat', 'exp', 'nbf', 'auth_time'] as const

/** What Logto's own clock shows, in milliseconds. */
export const logtoNow = ({ clockAhead }: Behaviour): number => Date.now() + clockAhead * 1000

/** Claims with their times as Logto's own clock has them. */
export function byLogtosClock(
  { clockAhead }: Behaviour,
  claims: Record<string, unknown>,
): Record<string, unknown> {
  const moved = TIMES.flatMap((name) => {
    const time = claims[name]
    return typeof time === 'number' ? [[name, time + clockAhead] as const] : []
  })
  return { ...claims, ...Object.fromEntries(moved) }
}

/** Has every token that is signed as an ID token is, logout tokens among them, tell Logto's own time. */
export function tellLogtosTime(provider: Provider, behaviour: Behaviour, keys: readonly SigningKey[]): void {
  const issue = provider.IdToken.prototype.issue
  provider.IdToken.prototype.issue = async function issueByLogtosClock(options) {
    const token = await issue.call(this, options)
    if (behaviour.clockAhead === 0) return token
    const header = decodeProtectedHeader(token)
    const key = keys.find(({ kid }) => kid === header.kid)
    if (!key) throw new Error('a token was signed with a key that is gone')
    const claims = byLogtosClock(behaviour, decodeJwt(token))
    return new CompactSign(Buffer.from(JSON.stringify(claims)))
      .setProtectedHeader({ ...header, alg: key.alg })
      .sign(key.privateKey)
  }
}

/** The `Date` of an answer (RFC 9110 §6.6.1), which is how others learn what time it is here. */
export const showLogtosTime =
  (behaviour: Behaviour): RequestHandler =>
  (_req, res, next) => {
    if (behaviour.clockAhead !== 0) res.setHeader('Date', new Date(logtoNow(behaviour)).toUTCString())
    next()
  }
