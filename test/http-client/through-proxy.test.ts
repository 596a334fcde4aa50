import supertest from 'supertest'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { examine } from '../../src/doctor/examine.ts'
import { throughProxy } from '../../src/http-client/through-proxy.ts'
import { planProvisioning } from '../../src/provision/provision.ts'
import { readDesired } from '../../src/provision/read-desired.ts'
import { type BlankSandbox, startBlankSandbox } from '../../src/sandbox/index.ts'
import { loadConfig } from '../../src/settings/config.ts'
import { readProxy } from '../../src/settings/proxy.ts'
import { resultOf } from '../doctor/house.ts'
import { settingsFor } from '../provision/cli-support.ts'
import { testConfig } from '../support/app.ts'
import { demoApp } from '../support/demo-app.ts'
import { type ProxyServer, startProxy } from '../support/proxy-server.ts'

let sandbox: BlankSandbox
let proxy: ProxyServer
beforeAll(async () => {
  sandbox = await startBlankSandbox({ logtoPort: 0, oktaPort: 0 })
  const portOf = (host: string) => Number(new URL(`http://${host}`).port) || undefined
  proxy = await startProxy(portOf)
})
afterAll(() => Promise.all([sandbox.close(), proxy.close()]))
beforeEach(() => {
  proxy.asked.length = 0
})

const hostOf = (url: string) => new URL(url).host

describe('which proxy', () => {
  const env = { HTTPS_PROXY: 'http://secure:1', HTTP_PROXY: 'plain:2' }
  it.each([
    ['https://a.example/', {}, 'http://secure:1/'],
    ['http://a.example/', {}, 'http://plain:2/'],
    ['http://a.example/', { http_proxy: 'http://small:3' }, 'http://small:3/'],
    ['http://a.example/', { HTTP_PROXY: ' ' }, undefined],
    ['https://a.example/', { HTTPS_PROXY: '' }, undefined],
    // As Docker's `--env-file` has them.
    ['https://a.example/', { HTTPS_PROXY: '"http://quoted:3"' }, 'http://quoted:3/'],
    ['https://a.example/', { NO_PROXY: "'b.example,a.example'" }, undefined],
    ['https://a.example/', { HTTPS_PROXY: "''" }, undefined],
    ['https://a.example/', { NO_PROXY: '*' }, undefined],
    ['https://a.example/', { NO_PROXY: 'b.example, a.example' }, undefined],
    ['https://x.a.example/', { NO_PROXY: 'a.example' }, undefined],
    ['https://x.a.example/', { NO_PROXY: '.A.example' }, undefined],
    ['https://x.a.example/', { no_proxy: '*.a.example' }, undefined],
    ['https://xa.example/', { NO_PROXY: 'a.example' }, 'http://secure:1/'],
    ['https://a.example/', { NO_PROXY: 'a.example:443' }, undefined],
    ['https://a.example:8443/', { NO_PROXY: 'a.example:443' }, 'http://secure:1/'],
    ['http://[::1]:80/', { NO_PROXY: '::1' }, undefined],
    ['http://[::1]:81/', { NO_PROXY: '[::1]:80' }, 'http://plain:2/'],
    ['http://10.1.2.3/', { NO_PROXY: '10.0.0.0/8' }, undefined],
    ['http://11.1.2.3/', { NO_PROXY: '10.0.0.0/8,10.0.0.0/99,x/8' }, 'http://plain:2/'],
  ])('%s, with %o, goes by %s', (url, changes, expected) => {
    expect(readProxy({ ...env, ...changes })?.(url)).toBe(expected)
  })

  it.each(['socks5://proxy:1080', 'https:///', 'http://user:50%@proxy:3128', 'http://a b'])(
    'proxy, %s, is a named fault that does not repeat it',
    (HTTPS_PROXY) => {
      const read = () => loadConfig({ HTTPS_PROXY })
      expect(read).toThrow('HTTPS_PROXY is not the address of an HTTP proxy')
      expect(read).not.toThrow(HTTPS_PROXY)
    },
  )
})

describe('calls behind a proxy', () => {
  it('app, with HTTP_PROXY, asks Logto through it and nobody else', async () => {
    const { endpoint } = sandbox.logto
    const begin = (settings: Record<string, string>) => {
      const config = testConfig({ LOGTO_ENDPOINT: endpoint, LOGTO_TIMEOUT_SECONDS: '5', ...settings })
      return supertest(demoApp(config)).get('/sign-in').set('host', 'app.test')
    }
    const { host } = new URL(proxy.url)
    await begin({ HTTP_PROXY: `http://us%20er:pass@${host}` }).expect(303)
    expect(new Set(proxy.asked)).toEqual(new Set([hostOf(endpoint)]))
    expect([...proxy.credentials]).toEqual([`Basic ${Buffer.from('us er:pass').toString('base64')}`])
    proxy.asked.length = 0
    await begin({ HTTP_PROXY: proxy.url, NO_PROXY: 'localhost' }).expect(303)
    expect(proxy.asked).toEqual([])
  })

  it('provision, both tenants, are asked through it', async () => {
    const desired = readDesired(settingsFor(sandbox), { takeOver: false })
    const send = throughProxy(fetch, readProxy({ HTTP_PROXY: proxy.url }))
    const { apply } = await planProvisioning(desired, { send })
    await apply()
    const both = [sandbox.logto.endpoint, sandbox.okta.orgUrl].map(hostOf)
    expect(new Set(proxy.asked)).toEqual(new Set(both))
  })

  it('provision, behind one that is away, names it without its password', async () => {
    const desired = readDesired(settingsFor(sandbox), { takeOver: false })
    const send = throughProxy(fetch, readProxy({ HTTP_PROXY: 'http://user:hidden-word@localhost:1' }))
    const planned = planProvisioning(desired, { send })
    await expect(planned).rejects.toThrow(/ECONNREFUSED.*asked through the proxy http:\/\/localhost:1\./)
    await expect(planned).rejects.not.toThrow('hidden-word')
  })

  it.each([
    ['is away', 'http://user:hidden-word@localhost:1', 'connection refused'],
    ['refuses', '', 'the proxy refuses (403)'],
  ])('doctor, behind one that %s, names it without its password', async (_how, given, words) => {
    const refusing = await startProxy(() => undefined)
    const HTTP_PROXY = given || refusing.url
    const { LOGTO_ENDPOINT } = settingsFor(sandbox)
    const env = { LOGTO_ENDPOINT, LOGTO_APP_ID: 'id', LOGTO_APP_SECRET: 'secret', HTTP_PROXY }
    const results = await examine(env, { fetch, now: Date.now, lookup: async () => ['127.0.0.1'] })
    await refusing.close()
    const { answer, fix } = resultOf(results, 'logto-endpoint')
    expect(answer).toContain(words)
    expect(answer).toContain(`asked through the proxy http://${hostOf(HTTP_PROXY)}`)
    expect(fix).toContain('NO_PROXY')
    expect(JSON.stringify(results)).not.toContain('hidden-word')
  })
})
