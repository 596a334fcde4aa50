import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/settings/config.ts'
import { ConfigError } from '../../src/settings/parse.ts'
import { visible } from '../../src/settings/visible.ts'

const strong = '0123456789abcdef0123456789abcdef'
const logto = { LOGTO_ENDPOINT: 'https://tenant.logto.app', LOGTO_APP_ID: 'id', LOGTO_APP_SECRET: 'secret' }
const production = {
  NODE_ENV: 'production',
  BASE_URL: 'https://app.example.com',
  SESSION_SECRET: strong,
  REDIS_URL: 'redis://localhost:6379',
  LOGTO_WEBHOOK_SIGNING_KEY: 'Zx81kQp30vLw7TtYb2NsA',
  ...logto,
}

function faultsOf(env: Record<string, string | undefined>): string[] {
  try {
    loadConfig(env)
    return []
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    for (const fault of error.faults) {
      expect(String(fault.fix), JSON.stringify(fault)).not.toBe('')
      expect(error.message).toContain(String(fault.fix))
    }
    return error.faults.map(({ setting }) => setting)
  }
}

describe('settings at fault', () => {
  it('words about them, with what a terminal would obey in them, show it', () => {
    const read = () => loadConfig({ 'LOGTO_APP_ID\u001b': 'x' })
    expect(read).toThrow('LOGTO_APP_ID\\u001b is not a setting')
  })

  it.each([
    ['a joiner within ASCII', 'Ok\u200dta', 'Ok\\u200dta'],
    ['a joiner at the beginning', '\u200dOkta', '\\u200dOkta'],
    ['a filler', 'Ok\u3164ta', 'Ok\\u3164ta'],
    ['a selector of nothing', 'Okta\ufe0f', 'Okta\\ufe0f'],
    ['a separator of lines', 'Ok\u2028ta', 'Ok\\u2028ta'],
    ['a tag', 'Okta\u{e0041}', 'Okta\\udb40\\udc41'],
    ['a joiner of Persian', 'می\u200cخواهم', 'می\u200cخواهم'],
    ['an emoji of two', '👩\u200d💻', '👩\u200d💻'],
    ['a heart in colour', '❤\ufe0f', '❤\ufe0f'],
  ])('text, with %s, is printed with all that a reader would not see in it', (_what, text, shown) => {
    expect(visible(text)).toBe(shown)
  })

  it.each<[string, Record<string, string | undefined>, string[]]>([
    ['only the endpoint', { LOGTO_ENDPOINT: logto.LOGTO_ENDPOINT }, ['LOGTO_APP_ID', 'LOGTO_APP_SECRET']],
    ['no endpoint', { ...logto, LOGTO_ENDPOINT: '' }, ['LOGTO_ENDPOINT']],
    ['an empty secret', { ...logto, LOGTO_APP_SECRET: ' ' }, ['LOGTO_APP_SECRET']],
    ['endpoint not a URL', { ...logto, LOGTO_ENDPOINT: 'tenant.logto.app' }, ['LOGTO_ENDPOINT']],
    ['endpoint with /oidc', { ...logto, LOGTO_ENDPOINT: 'https://t.logto.app/oidc' }, ['LOGTO_ENDPOINT']],
    ['endpoint with a query', { ...logto, LOGTO_ENDPOINT: 'https://t.logto.app/?x' }, ['LOGTO_ENDPOINT']],
    ['endpoint with /OIDC', { ...logto, LOGTO_ENDPOINT: 'https://t.logto.app/OIDC/' }, ['LOGTO_ENDPOINT']],
    ['endpoint with a bare ?', { ...logto, LOGTO_ENDPOINT: 'https://t.logto.app/?' }, ['LOGTO_ENDPOINT']],
    ['base URL that Express would take for a pattern', { BASE_URL: 'https://h.example/:x' }, ['BASE_URL']],
    ['base URL that Express would not take at all', { BASE_URL: 'https://h.example/(x)' }, ['BASE_URL']],
    [
      'base URL with a long path and one bad character',
      { BASE_URL: `https://h.example/${'a'.repeat(60)}(` },
      ['BASE_URL'],
    ],
    ['base URL with two slashes', { BASE_URL: 'https://h.example//x' }, ['BASE_URL']],
    ['base URL not http', { BASE_URL: 'ftp://app.example.com' }, ['BASE_URL']],
    ['base URL with a fragment', { BASE_URL: 'https://app.example.com/#x' }, ['BASE_URL']],
    ['base URL with credentials', { BASE_URL: 'https://a:b@app.example.com' }, ['BASE_URL']],
    ['port not a number', { PORT: 'http' }, ['PORT']],
    ['port 0', { PORT: '0' }, ['PORT']],
    ['port 1e3', { PORT: '1e3' }, ['PORT']],
    ['port 1e99', { PORT: '1e99' }, ['PORT']],
    ['port -1', { PORT: '-1' }, ['PORT']],
    ['port too high', { PORT: '65536' }, ['PORT']],
    ['port with a fraction', { PORT: '3000.5' }, ['PORT']],
    ['sandbox on the port of the app', { PORT: '3001' }, ['PORT, SANDBOX_LOGTO_PORT, SANDBOX_OKTA_PORT']],
    [
      'sandbox on the port that BASE_URL names',
      { BASE_URL: 'http://localhost:3001' },
      ['PORT, SANDBOX_LOGTO_PORT, SANDBOX_OKTA_PORT'],
    ],
    ['port that browsers refuse', { PORT: '6000' }, ['PORT']],
    ['port of the sandbox that browsers refuse', { SANDBOX_OKTA_PORT: '5060' }, ['SANDBOX_OKTA_PORT']],
    ['base URL at a port that browsers refuse', { BASE_URL: 'http://localhost:6667' }, ['BASE_URL']],
    ['base URL at port 0', { BASE_URL: 'http://localhost:0' }, ['BASE_URL']],
    [
      'endpoint at a port that fetch refuses',
      { ...logto, LOGTO_ENDPOINT: 'https://t.logto.app:10080' },
      ['LOGTO_ENDPOINT'],
    ],
    ['host with a port', { HOST: '127.0.0.1:3000' }, ['HOST']],
    ['host that is a URL', { HOST: 'http://127.0.0.1' }, ['HOST']],
    ['host that is a star', { HOST: '*' }, ['HOST']],
    ['host with a part too large', { HOST: '256.0.0.1' }, ['HOST']],
    ['host with a part too many', { HOST: '127.0.0.0.1' }, ['HOST']],
    ['host that is a number', { HOST: '0' }, ['HOST']],
    ['connections that are not kept', { KEEP_ALIVE_SECONDS: '0' }, ['KEEP_ALIVE_SECONDS']],
    ['an end that takes a day', { DRAIN_SECONDS: '86400' }, ['DRAIN_SECONDS']],
    ['a secret list with a hole', { SESSION_SECRET: `${strong},` }, ['SESSION_SECRET']],
    ['time limit not a number', { LOGTO_TIMEOUT_SECONDS: 'long' }, ['LOGTO_TIMEOUT_SECONDS']],
    ['time limit zero', { LOGTO_TIMEOUT_SECONDS: '0' }, ['LOGTO_TIMEOUT_SECONDS']],
    ['idle limit of no time', { SESSION_IDLE_SECONDS: '0' }, ['SESSION_IDLE_SECONDS']],
    ['absolute limit with a unit', { SESSION_ABSOLUTE_SECONDS: '24h' }, ['SESSION_ABSOLUTE_SECONDS']],
    ['grace of more than a year', { REFRESH_GRACE_SECONDS: '99999999' }, ['REFRESH_GRACE_SECONDS']],
    ['limit of requests below none', { RATE_LIMIT: '-1' }, ['RATE_LIMIT']],
    ['unknown session store', { SESSION_STORE: 'file' }, ['SESSION_STORE']],
    ['Redis as the store, and none named', { SESSION_STORE: 'redis' }, ['REDIS_URL']],
    ['Redis that is no address', { REDIS_URL: 'localhost:6379' }, ['REDIS_URL']],
    ['Redis on http', { REDIS_URL: 'http://localhost:6379' }, ['REDIS_URL']],
    ['Redis with a password that cannot be read', { REDIS_URL: 'redis://:%zz@localhost' }, ['REDIS_URL']],
    ['production with no word about sessions', { ...production, REDIS_URL: '' }, ['REDIS_URL']],
    ['unknown log level', { LOG_LEVEL: 'loud' }, ['LOG_LEVEL']],
    ['unknown NODE_ENV', { NODE_ENV: 'prod' }, ['NODE_ENV']],
    ['unknown NODE_ENV', { NODE_ENV: 'dev' }, ['NODE_ENV']],
    ['misspelt NODE_ENV', { NODE_ENV: 'prodution' }, ['NODE_ENV']],
    ['NODE_ENV in capitals', { NODE_ENV: 'Production' }, ['NODE_ENV']],
    ['trust proxy true', { TRUST_PROXY: 'true' }, ['TRUST_PROXY']],
    ['trust proxy nonsense', { TRUST_PROXY: '10.0.0.0/99' }, ['TRUST_PROXY']],
    [
      'sandbox on the port of the app, spelt otherwise',
      { PORT: '03001' },
      ['PORT, SANDBOX_LOGTO_PORT, SANDBOX_OKTA_PORT'],
    ],
    ['trust proxy everybody', { TRUST_PROXY: '0.0.0.0/0' }, ['TRUST_PROXY']],
    ['trust proxy everybody on IPv6', { TRUST_PROXY: '::/0' }, ['TRUST_PROXY']],
    ['trust proxy with two ranges', { TRUST_PROXY: '10.0.0.0/8/8' }, ['TRUST_PROXY']],
    ['misspelt LOGTO_ENDPIONT', { LOGTO_ENDPIONT: 'https://t.logto.app' }, ['LOGTO_ENDPIONT']],
    ['misspelt LOGTO_APPID', { ...logto, LOGTO_APPID: 'id' }, ['LOGTO_APPID']],
    ['misspelt SESSION_SECRETS', { SESSION_SECRETS: strong }, ['SESSION_SECRETS']],
    [
      'production, nothing else',
      { NODE_ENV: 'production' },
      [...Object.keys(production).filter((name) => name !== 'NODE_ENV')],
    ],
    [
      'staging, nothing else',
      { NODE_ENV: 'staging' },
      [...Object.keys(production).filter((name) => name !== 'NODE_ENV')],
    ],
    [
      'production, no key for webhooks',
      { ...production, LOGTO_WEBHOOK_SIGNING_KEY: '' },
      ['LOGTO_WEBHOOK_SIGNING_KEY'],
    ],
    [
      'production, a key of one letter',
      { ...production, LOGTO_WEBHOOK_SIGNING_KEY: 'k' },
      ['LOGTO_WEBHOOK_SIGNING_KEY'],
    ],
    [
      'production, a monotonous key',
      { ...production, LOGTO_WEBHOOK_SIGNING_KEY: 'k'.repeat(32) },
      ['LOGTO_WEBHOOK_SIGNING_KEY'],
    ],
    [
      'production, certificates not checked',
      { ...production, NODE_TLS_REJECT_UNAUTHORIZED: '0' },
      ['NODE_TLS_REJECT_UNAUTHORIZED'],
    ],
    ['production, http base URL', { ...production, BASE_URL: 'http://app.example.com' }, ['BASE_URL']],
    [
      'production, http endpoint',
      { ...production, LOGTO_ENDPOINT: 'http://logto.example' },
      ['LOGTO_ENDPOINT'],
    ],
    [
      'production, a short key for hooks',
      { ...production, COMPANY_HOOK_KEY: `${strong},${'k'.repeat(31)}` },
      ['COMPANY_HOOK_KEY'],
    ],
    ['a short key for hooks', { COMPANY_HOOK_KEY: `${strong},${'k'.repeat(31)}` }, ['COMPANY_HOOK_KEY']],
    [
      'production, a monotonous key for hooks',
      { ...production, COMPANY_HOOK_KEY: 'k'.repeat(32) },
      ['COMPANY_HOOK_KEY'],
    ],
    ['production, short secret', { ...production, SESSION_SECRET: 'short' }, ['SESSION_SECRET']],
    ['production, monotonous secret', { ...production, SESSION_SECRET: 'ab'.repeat(32) }, ['SESSION_SECRET']],
    [
      'production, weak second secret',
      { ...production, SESSION_SECRET: `${strong},old` },
      ['SESSION_SECRET'],
    ],
    [
      'many at once',
      {
        NODE_ENV: 'production',
        PORT: 'x',
        BASE_URL: 'http://a.example',
        SESSION_SECRET: 'x',
        LOGTO_APP_ID: 'id',
      },
      [
        'PORT',
        'LOGTO_ENDPOINT',
        'LOGTO_APP_SECRET',
        'BASE_URL',
        'SESSION_SECRET',
        'REDIS_URL',
        'LOGTO_WEBHOOK_SIGNING_KEY',
      ],
    ],
  ])('settings, %s, name each fault and its fix', (_what, env, expected) => {
    expect(faultsOf(env).toSorted()).toEqual(expected.toSorted())
  })

  it('settings, faults, never print a secret', () => {
    const env = { ...production, SESSION_SECRET: 'hunter2', LOGTO_APP_ID: '', LOGTO_APP_SECRET: 'topsecret' }
    expect(() => loadConfig(env)).toThrow(
      expect.objectContaining({ message: expect.not.stringMatching(/hunter2|topsecret/) }),
    )
  })
})

describe('an error that a host does not catch', () => {
  it('settings, wrong, are printed once each, without a stack', () => {
    let printed = ''
    try {
      loadConfig({ NODE_ENV: 'production', BASE_URL: 'nowhere' })
    } catch (error) {
      printed = inspect(error)
    }
    expect(printed.match(/BASE_URL/g)).toHaveLength(1)
    expect(printed).not.toMatch(/\bat .*:\d+:\d+/)
  })
})

describe('settings in order', () => {
  it('settings, none, mean the sandbox on localhost', () => {
    expect(loadConfig({})).toMatchObject({
      production: false,
      port: 3000,
      host: undefined,
      keepAlive: 75_000,
      drain: 0,
      baseUrl: 'http://localhost:3000',
      logto: undefined,
      logtoTimeout: 5000,
      trustProxy: false,
      logLevel: 'info',
      sandbox: { logtoPort: 3001, oktaPort: 3002 },
    })
  })

  it('settings, no session secret, make a new one at each start', () => {
    const [first, second] = [loadConfig({}), loadConfig({})]
    expect(first.sessionSecrets[0]).toMatch(/^[0-9a-f]{64}$/)
    expect(first.sessionSecrets).not.toEqual(second.sessionSecrets)
  })

  it('settings, all for production, are taken as they are', () => {
    const two = `${strong}, ${strong}2`
    const env = {
      ...production,
      ...{ SESSION_SECRET: two, COMPANY_HOOK_KEY: two },
      ...{ TRUST_PROXY: '1', PORT: '8080' },
    }
    expect(loadConfig(env)).toMatchObject({
      production: true,
      port: 8080,
      drain: 5000,
      webhookKey: production.LOGTO_WEBHOOK_SIGNING_KEY,
      webhooks: true,
      baseUrl: 'https://app.example.com',
      logto: { endpoint: 'https://tenant.logto.app', appId: 'id', appSecret: 'secret' },
      sessionSecrets: [strong, `${strong}2`],
      companyHookKeys: [strong, `${strong}2`],
      trustProxy: 1,
    })
  })

  it.each([
    [{ PATH: '/bin', HOME: '/root', PORTS: '1', NODE_OPTIONS: '--x', LOGTO_M2M_APP_ID: 'id' }],
    [{ ...logto, PORT: '3001' }],
    [{ ...production, LOGTO_ENDPOINT: 'http://127.0.0.1:3001' }],
    [{ ...production, LOGTO_ENDPOINT: 'http://localhost:3001' }],
    [{ ...logto, NODE_TLS_REJECT_UNAUTHORIZED: '0' }],
  ])('settings, %o, are well', (env) => {
    expect(faultsOf(env)).toEqual([])
  })

  it.each([
    ['HTTPS://App.Example.com', 'https://app.example.com'],
    ['https:app.example.com', 'https://app.example.com'],
    ['https://app.example.com:443', 'https://app.example.com'],
    ['https://app.example.com/a/../b', 'https://app.example.com/b'],
    ['https://app.example.com/', 'https://app.example.com'],
    ['https://app.example.com/portal/', 'https://app.example.com/portal'],
    ['https://app.example.com/a/b.c/d_e~f-g', 'https://app.example.com/a/b.c/d_e~f-g'],
    ['http://localhost:4000', 'http://localhost:4000'],
  ])('settings, base URL %s, becomes %s', (value, expected) => {
    expect(loadConfig({ BASE_URL: value }).baseUrl).toBe(expected)
  })

  it.each([
    ['http://localhost:3510', undefined, 3510],
    ['http://127.0.0.1:3510/portal', undefined, 3510],
    ['http://[::1]:3510', undefined, 3510],
    ['http://crm.localhost:3510', undefined, 3510],
    ['http://crm.localhost.example:3510', undefined, 3000],
    ['http://localhost', undefined, 80],
    ['http://localhost:3510', '8080', 8080],
    ['https://localhost:3510', undefined, 3000],
    ['http://app.example:3510', undefined, 3000],
  ])('settings, base URL %s and port %s, listen on %i', (BASE_URL, PORT, port) => {
    expect(loadConfig({ BASE_URL, PORT })).toMatchObject({ baseUrl: BASE_URL, port })
  })

  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['[::1]', '::1'],
    ['fe80::1%lo', 'fe80::1%lo'],
    ['localhost', 'localhost'],
    ['host-7.internal', 'host-7.internal'],
    ['7up', '7up'],
  ])('settings, host %s, is %s', (HOST, host) => {
    expect(loadConfig({ HOST }).host).toBe(host)
  })

  it.each([
    ['staging', true],
    ['qa', true],
    ['test', false],
    ['development', false],
  ])('settings, NODE_ENV %s, mean production: %s', (NODE_ENV, expected) => {
    expect(loadConfig({ ...production, NODE_ENV }).production).toBe(expected)
  })

  it('settings, no webhooks wanted in production, refuse all of them', () => {
    const { webhookKey, webhooks } = loadConfig({ ...production, LOGTO_WEBHOOK_SIGNING_KEY: 'none' })
    expect({ webhookKey, webhooks }).toEqual({ webhookKey: undefined, webhooks: false })
  })

  it.each(['"', "'", '`'])('settings, each between two %s, are those without', (quote) => {
    const quoted = Object.fromEntries(
      Object.entries(production).map(([name, value]) => [name, `${quote}${value}${quote}`]),
    )
    expect(loadConfig(quoted)).toEqual(loadConfig(production))
    expect(loadConfig({ ...production, LOGTO_APP_SECRET: `${quote}x` }).logto?.appSecret).toBe(`${quote}x`)
    expect(loadConfig({ PORT: `${quote}${quote}` }).port).toBe(3000)
  })

  it.each([
    ['2', 2],
    ['loopback', ['loopback']],
    ['10.0.0.0/8, ::1', ['10.0.0.0/8', '::1']],
  ])('settings, trust proxy %s, is %j', (value, expected) => {
    expect(loadConfig({ TRUST_PROXY: value }).trustProxy).toEqual(expected)
  })

  it('settings, once read, cannot be changed', () => {
    const config = loadConfig(production)
    expect(Object.isFrozen(config)).toBe(true)
    expect(Object.isFrozen(config.logto)).toBe(true)
    expect(Object.isFrozen(config.sessionSecrets)).toBe(true)
    expect(Object.isFrozen(config.sandbox)).toBe(true)
  })
})
