import type { Response } from 'supertest'

/** The `state` of the authorization request that a response redirects to. */
export function stateIn({ headers }: Response): string {
  return new URL(headers.location ?? '').searchParams.get('state') ?? ''
}

/** The cookies a response sets, attributes included. */
export function cookiesIn({ headers }: Response): string[] {
  return [headers['set-cookie'] ?? []].flat()
}

/**
 * One cookie that a response sets, as a browser sends it back.
 *
 * @param kind the session's cookie, or that of an attempt
 */
export function cookieIn(response: Response, kind: 'session' | 'attempt'): string | undefined {
  const names = { session: /^(__Host-)?sso_session=/, attempt: /^(__Host-)?sso_attempt\./ }
  return cookiesIn(response)
    .find((cookie) => names[kind].test(cookie))
    ?.split(';')[0]
}
