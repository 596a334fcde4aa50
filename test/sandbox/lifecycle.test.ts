import { createServer, get } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { describe, expect, it } from 'vitest'
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts'
import { freePorts } from '../support/free-ports.ts'
import { CONTRACTOR, EMPLOYEE, FORMER, sandboxForTests } from './support.ts'

const context = sandboxForTests()

const options = { appUrl: 'http://localhost:3000', logtoPort: 0, oktaPort: 0 }
const portOf = (url: string) => Number(new URL(url).port)

const answers = (port: number, host: string) =>
  new Promise<boolean>((resolve) => {
    const socket = connect({ port, host })
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })

describe('the sandbox', () => {
  it('start, twice, shares no key, password or secret', async () => {
    const [first, second] = [context.sandbox, await startSandbox(options)]
    try {
      expect(first.password).toMatch(/^[a-z2-9]{4}(-[a-z2-9]{4}){2}$/)
      const secretsOf = ({ password, logto, management, org }: Sandbox) => [
        password,
        logto.appSecret,
        management.appId,
        management.appSecret,
        org.apiTokens[0]?.value,
      ]
      const shared = secretsOf(first).filter((secret) => secretsOf(second).includes(secret))
      expect(shared).toEqual([])
      expect(first.logto.appId).toMatch(/^[0-9a-z]{21}$/)
      expect(first.org.apps[0]?.id).toMatch(/^0oa[0-9A-Za-z]{17}$/)
      expect(first.accounts.map(({ email }) => email)).toEqual([EMPLOYEE, CONTRACTOR, FORMER])
    } finally {
      await second.close()
    }
  })

  it('sandbox, running, is reached as localhost and from nowhere else', async () => {
    const port = portOf(context.sandbox.logto.endpoint)
    const addresses = Object.values(networkInterfaces()).flatMap((some) => some ?? [])
    const hasIpv6 = addresses.some(({ address }) => address === '::1')
    expect(await answers(port, '127.0.0.1')).toBe(true)
    expect(await answers(port, '::1')).toBe(hasIpv6)
    const outside = addresses.filter(({ internal, family }) => !internal && family === 'IPv4')
    for (const { address } of outside) expect(await answers(port, address)).toBe(false)
  })

  it.each([
    ['localhost', 204],
    ['LOCALHOST:3001', 204],
    ['127.0.0.1:3001', 204],
    ['[::1]:3001', 204],
    ['[::1]', 204],
    ['evil.example', 421],
    ['evil.example:3001', 421],
    ['localhost.evil.example', 421],
    ['evil.example#localhost', 421],
    ['127.0.0.1.evil.example', 421],
    ['localhost:3001:evil', 421],
  ])('request, for the host “%s”, is answered %i', async (host, status) => {
    const { logto, okta } = context.sandbox
    for (const url of [`${logto.endpoint}/api/status`, `${okta.issuer}/favicon.ico`]) {
      const answer = await new Promise<number | undefined>((resolve, reject) => {
        get(url, { headers: { host } }, (res) => resolve(res.resume().statusCode)).once('error', reject)
      })
      expect(answer).toBe(status)
    }
  })

  it('close, with a request under way and a connection kept open, leaves nothing listening', async () => {
    const sandbox = await startSandbox(options)
    const ports = [portOf(sandbox.logto.endpoint), portOf(sandbox.okta.issuer)]
    const idle = connect({ port: ports[0] ?? 0, host: '127.0.0.1' })
    await new Promise((resolve) => idle.once('connect', resolve))
    const ended = new Promise((resolve) => idle.once('close', resolve).once('error', resolve))
    idle.write('GET /oidc/jwks HTTP/1.1\r\nHost: localhost\r\n')
    await sandbox.close()
    await ended
    for (const port of ports) {
      for (const host of ['127.0.0.1', '::1']) expect(await answers(port, host)).toBe(false)
    }
    await sandbox.close()
  })

  it.each(['logtoPort', 'oktaPort'] as const)(
    'start, with the %s taken, says which and leaves nothing',
    async (name) => {
      const holder = createServer()
      await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve))
      const { port } = holder.address() as AddressInfo
      const [other = 0] = await freePorts(1)
      const ports = { logtoPort: other, oktaPort: other, [name]: port }
      await expect(startSandbox({ ...options, ...ports })).rejects.toMatchObject({ code: 'EADDRINUSE', port })
      expect(await answers(other, '127.0.0.1')).toBe(false)
      await new Promise((resolve) => holder.close(resolve))
    },
  )

  it('app address, with a path, is kept in every address the app is called at', async () => {
    const sandbox = await startSandbox({ ...options, appUrl: 'http://localhost:3000/portal' })
    const application = sandbox.tenant.applications.find(({ id }) => id === sandbox.logto.appId)
    expect(application?.oidcClientMetadata).toEqual({
      redirectUris: ['http://localhost:3000/portal/callback'],
      postLogoutRedirectUris: ['http://localhost:3000/portal/'],
      backchannelLogoutUri: 'http://localhost:3000/portal/backchannel-logout',
      backchannelLogoutSessionRequired: true,
    })
    await sandbox.close()
  })
})
