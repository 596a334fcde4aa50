import { describe, expect, it } from 'vitest'
import { testApp } from '../../support/app.ts'
import { cookieName } from '../../support/responses.ts'

const visitor = '203.0.113.7'
const other = '203.0.113.8'
const proxy = '198.51.100.1'
const forged = '192.0.2.66'

/** What TRUST_PROXY says, what arrives from 127.0.0.1, and who the visitor is then. */
const chains: Array<[trust: string | undefined, chain: string | undefined, address: string]> = [
  [undefined, undefined, '127.0.0.1'],
  [undefined, forged, '127.0.0.1'],
  ['0', forged, '127.0.0.1'],
  ['1', visitor, visitor],
  ['1', `${forged}, ${visitor}`, visitor],
  ['1', undefined, '127.0.0.1'],
  ['2', `${visitor}, ${proxy}`, visitor],
  ['2', `${forged}, ${visitor}, ${proxy}`, visitor],
  ['loopback', `${forged}, ${visitor}`, visitor],
  [`loopback, ${proxy}`, `${forged}, ${visitor}, ${proxy}`, visitor],
  ['loopback, 198.51.100.0/24', `${visitor}, ${proxy}`, visitor],
  ['10.0.0.0/8', forged, '127.0.0.1'],
]

/** How proxies write an address, and how it is written here. What is no address is as if nothing was written. */
const spellings: typeof chains = [
  ['1', `${visitor}:50123`, visitor],
  ['1', `::ffff:${visitor}`, visitor],
  ['1', `[::ffff:${visitor}]:443`, visitor],
  ['1', '::FFFF:cb00:7107', visitor],
  ['1', '[2001:DB8:0::1]:443', '2001:db8::1'],
  ['1', '[2001:db8::1]', '2001:db8::1'],
  ['1', 'fe80::1%eth0', 'fe80::1'],
  ['1', 'unknown', '127.0.0.1'],
  ['1', `${visitor}:port`, '127.0.0.1'],
  [`loopback, ${proxy}`, `${forged}, ${visitor}:50123, ${proxy}:8443`, visitor],
]

const forwarded = (chain: string | undefined) => (chain === undefined ? {} : { 'x-forwarded-for': chain })

describe('proxies before the app', () => {
  it.each([...chains, ...spellings])(
    'proxies, TRUST_PROXY %s and chain %s, log the address %s',
    async (trust, chain, address) => {
      const { browser, logs } = testApp({ settings: { TRUST_PROXY: trust } })
      await browser().get('/').set(forwarded(chain))
      expect(logs[0]).toMatchObject({ req: { address } })
    },
  )

  it.each(chains)(
    'proxies, TRUST_PROXY %s and chain %s, limit the address %s',
    async (trust, chain, address) => {
      const { browser } = testApp({ settings: { TRUST_PROXY: trust, RATE_LIMIT: '1' } })
      const ask = (headers: Record<string, string>) => browser().get('/sign-in').set(headers)
      await ask(forwarded(chain))
      // Whatever else a visitor makes up, the count is the same one.
      const lie = chain && address === visitor ? `192.0.2.1, ${chain}` : chain && '192.0.2.2'
      expect((await ask(forwarded(lie))).status).toBe(429)
      const neighbour = chain && forwarded(chain.replace(visitor, other))
      if (neighbour && address === visitor) expect((await ask(neighbour)).status).toBe(303)
    },
  )
})

describe('an https BASE_URL reached over plain http', () => {
  const https = { BASE_URL: 'https://app.test' }
  const warnings = (logs: Record<string, unknown>[]) => logs.filter(({ level }) => level === 40)

  it('plain http, many requests from no proxy we trust, says once how to fix it', async () => {
    const { browser, logs } = testApp({ settings: https })
    for (const path of ['/?code=secret', '/sign-in', '/callback?code=secret']) {
      await browser()
        .get(path)
        .set('cookie', `${cookieName('session', https.BASE_URL)}=secret`)
    }
    expect(warnings(logs)).toHaveLength(1)
    expect(warnings(logs)[0]).toMatchObject({ msg: expect.stringContaining('TRUST_PROXY') })
    expect(JSON.stringify(logs)).not.toContain('secret')
  })

  it.each([undefined, '0', '10.0.0.0/8'])(
    'plain http, X-Forwarded-Proto and TRUST_PROXY %s, says that a proxy is there',
    async (trust) => {
      const { browser, logs } = testApp({ settings: { ...https, TRUST_PROXY: trust } })
      await browser().get('/').set('x-forwarded-proto', 'https')
      expect(warnings(logs)).toEqual([
        expect.objectContaining({
          address: '127.0.0.1',
          msg: expect.stringContaining('a proxy that TRUST_PROXY does not name'),
        }),
      ])
    },
  )

  it.each(['1', '2', 'loopback'])('plain http, TRUST_PROXY %s, says nothing', async (trust) => {
    const { browser, logs } = testApp({ settings: { ...https, TRUST_PROXY: trust } })
    await browser().get('/').set('x-forwarded-proto', 'https')
    expect(warnings(logs)).toEqual([])
  })

  it('plain http, BASE_URL says so itself, says nothing', async () => {
    const { browser, logs } = testApp()
    await browser().get('/').set('x-forwarded-proto', 'https')
    expect(warnings(logs)).toEqual([])
  })

  it('plain http, asked by an orchestrator, says nothing', async () => {
    const { browser, logs } = testApp({ settings: https })
    await browser().get('/readyz')
    expect(warnings(logs)).toEqual([])
  })
})
