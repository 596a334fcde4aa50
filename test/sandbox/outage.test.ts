import { afterEach, describe, expect, it } from 'vitest'
import { startSandbox } from '../../src/sandbox/index.ts'
import { sandboxForTests } from './support.ts'

const context = sandboxForTests()
const control = () => context.sandbox.control
const at = (path: string, init?: RequestInit) => fetch(context.sandbox.logto.endpoint + path, init)
const tokenRequest = { method: 'POST', body: new URLSearchParams({ grant_type: 'refresh_token' }) }

const PATHS = [
  ...['/oidc/.well-known/openid-configuration', '/oidc/jwks', '/oidc/auth'],
  ...['/api/status', '/api/applications', '/sign-in', '/nowhere'],
]

afterEach(() => control().clearFaults())

describe('an outage', () => {
  it('every path, in an outage, is 503 with nothing useful; fixed, as before', async () => {
    const statuses = () => Promise.all(PATHS.map(async (path) => (await at(path)).status))
    const before = await statuses()
    control().outage()
    expect(await statuses()).toEqual(PATHS.map(() => 503))
    control().clearFaults()
    expect(await statuses()).toEqual(before)
  })

  it('token request, in an outage, is counted', async () => {
    control().outage()
    expect((await at('/oidc/token', tokenRequest)).status).toBe(503)
    expect(control().tokenRequests.at(-1)).toMatchObject({ grantType: 'refresh_token', answer: 503 })
  })

  it('callers, in a silent outage, get no answer, and are cut off when it is fixed', async () => {
    control().outage('silent')
    const before = control().tokenRequests.length
    const ends: string[] = []
    const calls = [at('/api/status'), at('/oidc/token', tokenRequest)].map((call) =>
      call.then(
        () => ends.push('answered'),
        () => ends.push('cut off'),
      ),
    )
    await expect.poll(() => control().tokenRequests.length).toBe(before + 1)
    expect(control().tokenRequests.at(-1)).toMatchObject({ grantType: 'refresh_token', answer: 'nothing' })
    expect(ends).toEqual([])
    control().clearFaults()
    await Promise.all(calls)
    expect(ends).toEqual(['cut off', 'cut off'])
    expect((await at('/api/status')).status).toBe(204)
  })

  it('sandbox, closed in a silent outage, stops at once', async () => {
    const sandbox = await startSandbox({ appUrl: 'http://localhost:3000', logtoPort: 0, oktaPort: 0 })
    sandbox.control.outage('silent')
    const call = fetch(`${sandbox.logto.endpoint}/oidc/token`, tokenRequest)
    const refused = expect(call).rejects.toThrow()
    await expect.poll(() => sandbox.control.tokenRequests.at(-1)?.answer).toBe('nothing')
    await sandbox.close()
    await refused
  })

  it('Okta, in an outage of Logto, is there', async () => {
    control().outage()
    const { issuer } = context.sandbox.okta
    expect((await fetch(`${issuer}/.well-known/openid-configuration`)).status).toBe(200)
  })
})
