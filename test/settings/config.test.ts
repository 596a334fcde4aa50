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

  /** By setting: values that are at fault in it, whatever else is set. */
  const values: Record<string, string[]> = {
    PORT: ['http', '0', '1e3', '1e99', '-1', '65536', '3000.5', '6000'],
    HOST: ['127.0.0.1:3000', 'http://127.0.0.1', '*', '256.0.0.1', '127.0.0.0.1', '0'],
    BASE_URL: [
      // What Express would take for a pattern, or not at all.
      ...['https://h.example/:x', 'https://h.example/(x)', `https://h.example/${'a'.repeat(60)}(`],
      ...['https://h.example//x', 'https://app.example.com/#x', 'https://a:b@app.example.com'],
      ...['ftp://app.example.com', 'http://localhost:6667', 'http://localhost:0'],
    ],
    SANDBOX_OKTA_PORT: ['5060'],
    KEEP_ALIVE_SECONDS: ['0'],
    DRAIN_SECONDS: ['86400'],
    SESSION_SECRET: [`${strong},`],
    COMPANY_HOOK_KEY: [`${strong},${'k'.repeat(31)}`],
    LOGTO_TIMEOUT_SECONDS: ['long', '0'],
    SESSION_IDLE_SECONDS: ['0'],
    SESSION_ABSOLUTE_SECONDS: ['24h'],
    REFRESH_GRACE_SECONDS: ['99999999'],
    RATE_LIMIT: ['-1'],
    SESSION_STORE: ['file'],
    REDIS_URL: ['localhost:6379', 'http://localhost:6379', 'redis://:%zz@localhost'],
    LOG_LEVEL: ['loud'],
    NODE_ENV: ['prod', 'dev', 'prodution', 'Production'],
    TRUST_PROXY: ['true', '10.0.0.0/99', '0.0.0.0/0', '::/0', '10.0.0.0/8/8'],
    LOGTO_ENDPIONT: ['https://t.logto.app'],
    SESSION_SECRETS: [strong],
  }
  /** The same of settings that need those of Logto beside them. */
  const valuesOfLogto: Record<string, string[]> = {
    LOGTO_ENDPOINT: [
      ...['', 'tenant.logto.app', 'https://t.logto.app/oidc', 'https://t.logto.app/OIDC/'],
      ...['https://t.logto.app/?x', 'https://t.logto.app/?', 'https://t.logto.app:10080'],
    ],
    LOGTO_APP_SECRET: [' '],
    LOGTO_APPID: ['id'],
  }
  /** And of what is at fault in production alone. */
  const valuesInProduction: Record<string, string[]> = {
    REDIS_URL: [''],
    LOGTO_WEBHOOK_SIGNING_KEY: ['', 'k', 'k'.repeat(32)],
    NODE_TLS_REJECT_UNAUTHORIZED: ['0'],
    BASE_URL: ['http://app.example.com'],
    LOGTO_ENDPOINT: ['http://logto.example'],
    COMPANY_HOOK_KEY: [`${strong},${'k'.repeat(31)}`, 'k'.repeat(32)],
    SESSION_SECRET: ['short', 'ab'.repeat(32), `${strong},old`],
  }
  const rows = (bySetting: Record<string, string[]>, beside: Record<string, string>) =>
    Object.entries(bySetting).flatMap(([setting, bad]) => bad.map((value) => ({ setting, value, beside })))

  it.each([...rows(values, {}), ...rows(valuesOfLogto, logto), ...rows(valuesInProduction, production)])(
    'setting $setting, as $value (NODE_ENV: $beside.NODE_ENV), is named with its fix',
    ({ setting, value, beside }) => {
      expect(faultsOf({ ...beside, [setting]: value })).toEqual([setting])
    },
  )

  const SANDBOX_PORTS = ['PORT, SANDBOX_LOGTO_PORT, SANDBOX_OKTA_PORT']
  const ofProduction = Object.keys(production).filter((name) => name !== 'NODE_ENV')
  it.each<[Record<string, string>, string[]]>([
    [{ LOGTO_ENDPOINT: logto.LOGTO_ENDPOINT }, ['LOGTO_APP_ID', 'LOGTO_APP_SECRET']],
    [{ PORT: '3001' }, SANDBOX_PORTS],
    [{ PORT: '03001' }, SANDBOX_PORTS],
    [{ BASE_URL: 'http://localhost:3001' }, SANDBOX_PORTS],
    [{ SESSION_STORE: 'redis' }, ['REDIS_URL']],
    [{ NODE_ENV: 'production' }, ofProduction],
    [{ NODE_ENV: 'staging' }, ofProduction],
    [
      {
        ...{ NODE_ENV: 'production', PORT: 'x', BASE_URL: 'http://a.example' },
        ...{ SESSION_SECRET: 'x', LOGTO_APP_ID: 'id' },
      },
      ['PORT', ...ofProduction.filter((name) => name !== 'LOGTO_APP_ID')],
    ],
  ])('settings %j name each fault: %j', (env, expected) => {
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
