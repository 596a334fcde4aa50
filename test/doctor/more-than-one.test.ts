import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Result } from '../../src/doctor/check.ts'
import { jsonReport } from '../../src/doctor/json-report.ts'
import { textReport } from '../../src/doctor/text-report.ts'
import { EMAIL, House, resultOf } from './house.ts'

let house: House
beforeEach(async () => {
  house = await House.open()
})
afterEach(() => house.close())

describe('several connectors', () => {
  it('doctor, one of two broken, names it and goes on with the other', async () => {
    house.addConnector({
      domains: ['beta.example'],
      config: { ...house.connector.config, issuer: 'http://localhost:1' },
    })
    house.startApp()
    const results = await house.examine({ more: house.management })
    const broken = resultOf(results, 'authorization-uri')
    expect(broken.status).toBe('broken')
    expect(broken.fix).toContain('“Okta Beta” (anotherconn1) → Connection → Issuer')
    expect(broken.meaning).not.toContain(house.connector.id)
    for (const id of ['okta-issuer', 'okta-client', 'okta-redirect', 'okta-scopes', 'okta-secret']) {
      expect(resultOf(results, id).status).toBe('ok')
    }
  })

  it.each([
    ['the settings of the app', 'SSO_CONNECTORS', () => 'https://beta.okta.example'],
    ['the connector alone', 'OKTA_ORG_URL', () => 'http://localhost:1'],
  ])(
    'doctor, the second with its Okta down, names its own issuer, by %s',
    async (_where, setting, issuer) => {
      const { connector, sandbox } = house
      const beta = house.addConnector({
        domains: ['beta.example'],
        config: { ...connector.config, issuer: 'http://localhost:1' },
      })
      house.settings.OKTA_ORG_URL = sandbox.okta.issuer
      if (setting === 'SSO_CONNECTORS') {
        const entry = { id: beta.id, name: 'Beta', issuer: issuer(), domains: ['beta.example'] }
        house.settings.SSO_CONNECTORS = JSON.stringify([entry])
      }
      house.startApp()
      const { fix } = resultOf(await house.examine({ more: house.management }), 'authorization-uri')
      expect(fix).toContain(issuer())
      expect(fix).not.toContain(sandbox.okta.issuer)
    },
  )

  it('doctor, both broken, tries nothing behind them', async () => {
    house.connector.config.issuer = 'http://localhost:1'
    house.addConnector({ domains: ['beta.example'] })
    house.startApp()
    const results = await house.examine()
    expect(resultOf(results, 'authorization-uri').meaning?.split('\n')).toHaveLength(2)
    expect(resultOf(results, 'okta-client')).toMatchObject({ because: 'because of authorization-uri' })
  })

  it('doctor, both well, tries each', async () => {
    house.addConnector({ domains: ['beta.example'] })
    house.oktaApp.settings.oauthClient.redirect_uris.push(
      `${house.sandbox.logto.endpoint}/callback/anotherconn1`,
    )
    house.startApp()
    const results = await house.examine()
    expect(resultOf(results, 'connector').answer).toBe('2 connectors')
    expect(resultOf(results, 'okta-scopes')).toMatchObject({ status: 'ok', answer: /^.*\n.*$/ })
  })

  it('doctor, an email address, tries its connector only', async () => {
    house.addConnector({
      domains: ['beta.example'],
      config: { ...house.connector.config, issuer: 'http://localhost:1' },
    })
    house.startApp()
    const well = await house.examine({ email: EMAIL })
    expect(well.filter(({ status }) => status === 'broken')).toEqual([])
    const other = await house.examine({ email: 'Someone@BETA.example' })
    expect(resultOf(other, 'authorization-uri').status).toBe('broken')
  })

  it('doctor, more than ten, tries ten', async () => {
    for (let n = 1; n <= 12; n++) house.addConnector({ id: `connector${n}`, connectorName: `Okta ${n}` })
    house.startApp()
    await house.examine()
    expect(house.sent.filter((call) => call.endsWith('/authorization-uri'))).toHaveLength(10)
  })
})

describe('the companies in SSO_CONNECTORS', () => {
  const entry = () => {
    const { id, domains } = house.connector
    return { id, name: 'Acme', issuer: house.sandbox.okta.issuer, domains }
  }
  const examine = (more: boolean) => {
    house.startApp()
    return house.examine({ more: more ? house.management : {} })
  }
  const set = (...entries: object[]) => {
    house.settings.SSO_CONNECTORS = JSON.stringify(entries)
  }

  it.each([false, true])(
    'doctor, as Logto has them (with the Management API: %s), are well',
    async (more) => {
      set(entry())
      expect(resultOf(await examine(more), 'sso-connectors').status).toBe('ok')
    },
  )

  it('doctor, none set, says that nothing was compared', async () => {
    expect(resultOf(await examine(false), 'sso-connectors')).toMatchObject({
      status: 'skipped',
      because: expect.stringContaining('SSO_CONNECTORS is not set'),
    })
  })

  it.each([
    ['an ID that is gone', { id: 'stale1' }, 'Logto has no connector with this ID'],
    ['another issuer', { issuer: 'https://old.example' }, 'and https://old.example here'],
    ['a domain too many', { domains: ['acme.example', 'gone.example'] }, 'gone.example is none'],
  ])('doctor, with %s, names it, with the Management API and without', async (_what, change, words) => {
    set({ ...entry(), ...change })
    house.startApp()
    for (const more of [{}, house.management]) {
      const result = resultOf(await house.examine({ more }), 'sso-connectors')
      expect(result).toMatchObject({ status: 'broken', meaning: expect.stringContaining(words) })
      expect(result.fix).toContain('SSO_CONNECTORS: ')
    }
  })

  it('doctor, lacking a company or a domain of Logto, warns of it', async () => {
    house.connector.domains = ['acme.example', 'acme.test']
    house.addConnector({ domains: ['beta.example'] })
    set({ ...entry(), domains: ['acme.example'] })
    const { status, meaning } = resultOf(await examine(true), 'sso-connectors')
    expect(status).toBe('warning')
    expect(meaning).toContain("acme.test is a domain of it at Logto, and leads to Logto's page from here")
    expect(meaning).toContain('(anotherconn1) is at Logto and not in SSO_CONNECTORS')
  })
})

describe('what management credentials add', () => {
  const examine = () => house.examine({ email: EMAIL, more: house.management })
  const soon = new Date(Date.now() + 3 * 24 * 60 * 60 * 1000)
  const secretsEnd = (at: number) => {
    for (const secret of house.application.secrets) secret.expiresAt = at
  }

  it.each<[string, check: string, arrange: () => unknown, says: () => Partial<Record<keyof Result, string>>]>(
    [
      [
        'application, of another type, names the type',
        'app-id',
        () => Object.assign(house.application, { type: 'Native' }),
        () => ({ meaning: 'is of the type Native.' }),
      ],
      [
        'redirect URIs, unregistered, says which are',
        'redirect-uri',
        () => house.application.oidcClientMetadata.redirectUris.splice(0, 1, 'https://elsewhere.example/cb'),
        () => ({
          meaning: 'Registered are: https://elsewhere.example/cb.',
          fix: `Applications → Express app (${house.application.id})`,
        }),
      ],
      [
        'connector, incomplete, says what each lacks',
        'connector',
        () => Object.assign(house.connector, { config: { issuer: 'https://acme.okta.com' }, domains: [] }),
        () => ({
          meaning: `“Okta Acme” (${house.connector.id}) lacks Client ID (Connection), Client Secret (Connection), Enterprise email domains (SSO Experience).`,
        }),
      ],
      [
        'email domain, on no connector, says which domains there are',
        'email-domain',
        () => Object.assign(house.connector, { domains: ['other.example', 'third.example'] }),
        () => ({ meaning: 'has other.example, third.example' }),
      ],
      [
        'secret, one that ends soon, is a warning with the day',
        'app-secret',
        () => secretsEnd(soon.getTime()),
        () => ({ status: 'warning', meaning: soon.toISOString().slice(0, 10) }),
      ],
      [
        'secret, one that has ended, says on which day',
        'app-secret',
        () => secretsEnd(Date.parse('2026-01-02')),
        () => ({ meaning: 'ended on 2026-01-02' }),
      ],
      [
        'webhook, the key in the settings, is compared',
        'webhook',
        () => Object.assign(house.ofTheDoctor, { LOGTO_WEBHOOK_SIGNING_KEY: house.hook.signingKey }),
        () => ({ status: 'ok', answer: 'key in the settings' }),
      ],
      [
        'Logto, that gives nobody new an account, warns of the people who are refused',
        'sign-in-mode',
        () => Object.assign(house.sandbox.tenant.signInExperience, { signInMode: 'SignIn' }),
        () => ({ status: 'warning', meaning: 'New people of a company are refused' }),
      ],
    ],
  )('%s', async (_what, check, arrange, says) => {
    arrange()
    house.startApp()
    const result = resultOf(await examine(), check)
    for (const [part, words] of Object.entries(says())) expect(result[part as keyof Result]).toContain(words)
  })

  it('email, an Okta that vouches for no address, names trustUnverifiedEmail until it is on', async () => {
    const { send } = house
    house.send = async (input, init) => {
      const response = await send(input, init)
      if (String(input) !== `${house.sandbox.okta.issuer}/.well-known/openid-configuration`) return response
      const document = (await response.json()) as Record<string, unknown>
      return Response.json({ ...document, claims_supported: ['sub', 'email'] })
    }
    house.startApp()
    const fix = expect.stringContaining('trustUnverifiedEmail')
    expect(resultOf(await examine(), 'okta-scopes')).toMatchObject({ status: 'warning', fix })
    house.connector.config.trustUnverifiedEmail = true
    expect(resultOf(await examine(), 'okta-scopes').status).toBe('ok')
  })

  it('API resource, with API_RESOURCE not set, is not asked for', async () => {
    house.settings.API_RESOURCE = ''
    house.startApp()
    const because = 'API_RESOURCE is not set, and no access token is taken'
    expect(resultOf(await examine(), 'api-resource')).toMatchObject({ status: 'skipped', because })
    expect(house.sent).not.toContain('GET /api/resources')
  })
})

describe('answers of Logto that belong to two links', () => {
  it('doctor, a machine-to-machine application and a wrong secret, names the application', async () => {
    house.application.type = 'MachineToMachine'
    house.settings.LOGTO_APP_SECRET = 'wrong-secret-0123456789'
    house.startApp()
    const results = await house.examine()
    expect(resultOf(results, 'app-id').status).toBe('broken')
    expect(resultOf(results, 'app-secret').because).toBe('because of app-id')
  })

  it.each([
    ['in a body', () => Response.json({ error: 'strange', error_description: 'so' }, { status: 400 })],
    [
      'at the redirect URI',
      () => Response.redirect('https://a.example/?error=strange&error_description=so', 303),
    ],
  ])('doctor, a strange refusal %s, is unknown and leads no further', async (_where, refusal) => {
    const { send } = house
    house.send = (input, init) =>
      String(input).includes('/oidc/auth?') ? Promise.resolve(refusal()) : send(input, init)
    house.startApp()
    const results = await house.examine({ email: EMAIL })
    expect(resultOf(results, 'redirect-uri')).toMatchObject({
      status: 'unknown',
      answer: expect.stringContaining('strange: so'),
    })
    expect(resultOf(results, 'email-domain').because).toBe('because of redirect-uri')
  })
})

describe('an app in production', () => {
  it('doctor, https at a proxy, is well but for what production should know', async () => {
    const { send } = house
    const BASE_URL = 'https://app.example'
    const production = { NODE_ENV: 'production', SESSION_STORE: 'memory', LOGTO_WEBHOOK_SIGNING_KEY: 'none' }
    Object.assign(house.settings, { BASE_URL, ...production })
    house.names['app.example'] = ['93.184.216.34']
    house.application.oidcClientMetadata.redirectUris = [`${BASE_URL}/callback`]
    house.application.oidcClientMetadata.postLogoutRedirectUris = [`${BASE_URL}/`]
    house.send = (input, init) => send(String(input).replace(BASE_URL, house.url), init)
    house.startApp()
    const results = await house.examine({ email: EMAIL })
    const warnings = results.filter(({ status }) => status !== 'ok' && status !== 'skipped')
    expect(warnings.map(({ id, status }) => [id, status])).toEqual([
      ['session-store', 'warning'],
      ['cookies', 'warning'],
    ])
    expect(resultOf(results, 'cookies').fix).toContain('TRUST_PROXY')
    expect(resultOf(results, 'cookies').answer).toMatch(/^__Host-sso_\w{5}_try\.… Path=\/ Secure$/)
  })
})

describe('names that are meant to deceive', () => {
  it.each([false, true])(
    'doctor, in the answers of Logto, shows them (with the Management API: %s)',
    async (more) => {
      const deceit = '\u001b[2J\u009b2K\r\nok  all is well\u202e'
      house.connector.connectorName = deceit
      house.connector.branding = { displayName: deceit }
      house.application.name = deceit
      house.hook.name = deceit
      house.hook.enabled = false
      house.connector.config.clientId = '0oaNobodyKnowsThis'
      house.startApp()
      const results = await house.examine({ more: more ? house.management : {} })
      const reports = textReport(results, { colours: false }) + jsonReport(results)
      expect(reports).toContain('\\u001b[2J\\u009b2K')
      expect(reports.match(/(?![\n])[\p{Cc}\p{Cf}]/gu)).toBeNull()
      expect(reports).not.toMatch(/^ok {2}all is well/m)
      expect(() => JSON.parse(jsonReport(results))).not.toThrow()
    },
  )
})

describe('a server that repeats what it was sent', () => {
  it('doctor, an echo of the secret in plain and in Basic, shows neither', async () => {
    const { send } = house
    house.send = (input, init) => {
      if (!String(input).endsWith('/oidc/token')) return send(input, init)
      const echo = `${new Headers(init?.headers).get('authorization')} ${house.settings.LOGTO_APP_SECRET} ${init?.body}`
      return Promise.resolve(Response.json({ error: 'strange', error_description: echo }, { status: 400 }))
    }
    house.startApp()
    const results = await house.examine()
    expect(resultOf(results, 'app-secret')).toMatchObject({
      status: 'unknown',
      answer: /^400 strange: Basic … …/,
    })
    const text = JSON.stringify(results)
    expect([...house.secrets].filter((secret) => text.includes(secret))).toEqual([])
  })
})
