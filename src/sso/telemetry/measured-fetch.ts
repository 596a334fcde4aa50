import type { Telemetry } from './telemetry.ts'

/** What of Logto's is called, by the end of the path. */
const operations: [end: string, name: string][] = [
  ['/token/revocation', 'revoke'],
  ['/token', 'token'],
  ['/me', 'userinfo'],
  ['/jwks', 'keys'],
  ['/.well-known/openid-configuration', 'discovery'],
  ['/.well-known/sign-in-exp', 'sign_in_experience'],
]

/**
 * `fetch` with a span and a time for each call.
 *
 * @param send the real `fetch`, or a test's
 */
export function measuredFetch(send: typeof fetch, { call, time }: Telemetry): typeof fetch {
  return (input, init) => {
    const { pathname } = new URL(input instanceof Request ? input.url : input)
    const operation = operations.find(([end]) => pathname.endsWith(end))?.[1] ?? 'other'
    const startedAt = performance.now()
    const done = (outcome: string) =>
      time('sso.logto.request.duration', (performance.now() - startedAt) / 1000, { operation, outcome })
    const ask = async () => {
      try {
        const response = await send(input, init)
        done(String(response.status))
        return response
      } catch (error) {
        done('unreachable')
        throw error
      }
    }
    return call(`logto ${operation}`, { 'sso.logto.operation': operation }, ask, ({ status }) =>
      status < 400 ? undefined : String(status),
    )
  }
}
