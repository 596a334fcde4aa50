import type { Response } from 'supertest'
import { cookieShape } from '../../src/sso/session/session-cookie.ts'
import type { Browser } from './app.ts'

/** The `state` of the authorization request that a response redirects to. */
export function stateIn({ headers }: Response): string {
  return new URL(headers.location ?? '').searchParams.get('state') ?? ''
}

/** The cookies a response sets, attributes included. */
export function cookiesIn({ headers }: Response): string[] {
  return [headers['set-cookie'] ?? []].flat()
}

/** The name of a cookie of the app at an address; an attempt's goes on with a dot and the attempt's ID. */
export function cookieName(kind: 'session' | 'try' | 'signed_out', at = 'http://app.test'): string {
  return cookieShape({ baseUrl: at }, kind).name
}

/**
 * One cookie that a response sets, as a browser sends it back.
 *
 * @param kind the session's cookie, or that of an attempt
 */
export function cookieIn(response: Response, kind: 'session' | 'attempt'): string | undefined {
  const names = { session: /^(__Host-)?sso_\w{5}_session=/, attempt: /^(__Host-)?sso_\w{5}_try\./ }
  return cookiesIn(response)
    .find((cookie) => names[kind].test(cookie))
    ?.split(';')[0]
}

/** The Cookie header that a browser sends. */
export const cookiesOf = ({ jar }: Browser): string =>
  jar.getCookies({ path: '/', domain: '127.0.0.1', secure: false, script: false }).toValueString()
