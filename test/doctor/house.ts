import type { RequestListener } from 'node:http'
import { expect, vi } from 'vitest'
import type { Result } from '../../src/doctor/check.ts'
import { walk } from '../../src/doctor/examine.ts'
import {
  type Application,
  type OktaApp,
  type Sandbox,
  type SsoConnector,
  startSandbox,
} from '../../src/sandbox/index.ts'
import { type Listening, listenOnLoopback } from '../../src/sandbox/shared/listen.ts'
import { writeConnectors } from '../../src/settings/companies/connectors.ts'
import { loadConfig } from '../../src/settings/config.ts'
import { Phrase } from '../../src/words/phrase.ts'
import { demoApp } from '../support/demo-app.ts'
import { isProse } from '../support/prose.ts'
import { watchedBackend } from '../support/watched-backend.ts'

export const EMAIL = 'employee@acme.example'

type Settings = Record<string, string | undefined>

/** What came back may be English, whoever said it. */
function expectJapanese(results: readonly Result[]): void {
  const english = results.flatMap(({ title, tried, meaning = '', fix = '', because = '' }) =>
    [title, tried, meaning, fix, because].filter(
      (text) => isProse(text) && !/^GET |[ぁ-んァ-ヶ一-龠]/.test(text),
    ),
  )
  expect(english).toEqual([])
}

/** The sandbox, the app, and the doctor over both; everything about them can be set wrong before the app starts. */
export class House {
  readonly url: string
  readonly sandbox: Sandbox
  /** What the app and the doctor are told. */
  readonly settings: Settings
  /** What only the app is told. */
  readonly ofTheApp: Settings = {}
  /** What only the doctor is told. */
  readonly ofTheDoctor: Settings = {}
  /** What answers at BASE_URL in the app's place. */
  inPlaceOfTheApp: RequestListener | undefined
  /** The network's edge, as the doctor sees it. */
  send: typeof fetch = (input, init) => fetch(input, init)
  /** The doctor's clock, in milliseconds against the real one. */
  clock = 0
  /** Addresses by host name. */
  readonly names: Record<string, string[]> = {}
  /** What the doctor sent, as method and path. */
  readonly sent: string[] = []
  /** What nobody may see: all secrets there are, and whatever went over the wire that is one. */
  readonly secrets = new Set<string>()
  readonly backend = watchedBackend()
  readonly #server: Listening

  /** @param companies whether there are companies with other providers than Okta, too */
  static async open({ companies = false } = {}): Promise<House> {
    const server = await listenOnLoopback(0)
    const url = `http://localhost:${server.port}`
    const sandbox = await startSandbox({
      appUrl: url,
      logtoPort: 0,
      oktaPort: 0,
      companies,
      apiPermissions: ['read:notes'],
    })
    return new House(server, url, sandbox)
  }

  private constructor(server: Listening, url: string, sandbox: Sandbox) {
    this.#server = server
    this.url = url
    this.sandbox = sandbox
    const { endpoint, appId, appSecret } = sandbox.logto
    this.settings = {
      BASE_URL: url,
      LOGTO_ENDPOINT: endpoint,
      LOGTO_APP_ID: appId,
      LOGTO_APP_SECRET: appSecret,
      SESSION_SECRET: 'a-secret-for-tests-0123456789-abcdef',
      API_RESOURCE: sandbox.apiResource,
      API_PERMISSIONS: 'read:notes',
      LOGTO_WEBHOOK_SIGNING_KEY: sandbox.webhookKey,
    }
  }

  /** The app's application in Logto. */
  get application(): Application {
    return found(this.sandbox.tenant.applications.find(({ id }) => id === this.sandbox.logto.appId))
  }

  get connector(): SsoConnector {
    return found(this.sandbox.tenant.ssoConnectors[0])
  }

  get oktaApp(): OktaApp {
    return found(this.sandbox.org.apps[0])
  }

  /** The app as an API resource. */
  get apiResource() {
    const { tenant, apiResource } = this.sandbox
    return found(tenant.apiResources.find(({ indicator }) => indicator === apiResource))
  }

  get hook() {
    return found(this.sandbox.tenant.hooks[0])
  }

  /** Where Okta sends people back to. */
  get connectorCallback(): string {
    return `${this.sandbox.logto.endpoint}/callback/${this.connector.id}`
  }

  /** The settings that let the doctor read the Management API. */
  get management(): Settings {
    const machine = found(this.sandbox.tenant.applications.find(({ type }) => type === 'MachineToMachine'))
    return { LOGTO_M2M_APP_ID: machine.id, LOGTO_M2M_APP_SECRET: machine.secrets[0]?.value }
  }

  /** The settings that tell app and doctor of the company. */
  get company(): Settings {
    const { connectors, companyHookKeys } = this.sandbox
    return { SSO_CONNECTORS: writeConnectors(connectors), COMPANY_HOOK_KEY: companyHookKeys.join(',') }
  }

  /** The settings that let the doctor see Okta's event hooks. */
  get oktaToken(): Settings {
    const { okta, org } = this.sandbox
    return { OKTA_ORG_URL: okta.issuer, OKTA_API_TOKEN: org.apiTokens[0]?.value }
  }

  /** One more application, with the app's own addresses. */
  addApplication(changes: Partial<Application> = {}): Application {
    const secret = {
      name: 'Default secret',
      value: 'another-secret-0123456789abcdef',
      createdAt: 0,
      expiresAt: null,
    }
    const added = {
      ...structuredClone(this.application),
      id: 'another-application-1',
      secrets: [secret],
      ...changes,
    }
    this.sandbox.tenant.applications.push(added)
    return added
  }

  /** One more connector. */
  addConnector(changes: Partial<SsoConnector>): SsoConnector {
    const added = {
      ...structuredClone(this.connector),
      id: 'anotherconn1',
      connectorName: 'Okta Beta',
      ...changes,
    }
    this.sandbox.tenant.ssoConnectors.push(added)
    return added
  }

  /** Starts the app, or what stands in its place. Settings that no app could start with start none. */
  startApp(): void {
    this.#server.handle(this.inPlaceOfTheApp ?? this.#app())
  }

  #app(): RequestListener {
    return demoApp(loadConfig({ ...this.settings, ...this.ofTheApp }), { backend: this.backend })
  }

  /** Nothing listens at BASE_URL any more. */
  stopApp(): Promise<void> {
    return this.#server.close()
  }

  /** Lets the doctor walk the chain. */
  async examine({
    email,
    more,
  }: {
    email?: string | undefined
    more?: Settings | undefined
  } = {}): Promise<Result[]> {
    const env = { ...this.settings, ...more, ...this.ofTheDoctor }
    this.#rememberSecrets(env)
    const english = vi.spyOn(Phrase.prototype, 'toString')
    const results = await walk(
      env,
      {
        fetch: (input, init) => this.#record(input, init),
        now: () => Date.now() + this.clock,
        lookup: async (hostname) => {
          const addresses = this.names[hostname]
          if (addresses) return addresses
          throw Object.assign(new Error('no such host'), { code: 'ENOTFOUND' })
        },
        email,
      },
      () => {},
    )
    expectJapanese(results('ja'))
    // What is made a string before its language is known stays English.
    expect(english).not.toHaveBeenCalled()
    english.mockRestore()
    return results('en')
  }

  async close(): Promise<void> {
    await Promise.all([this.stopApp(), this.sandbox.close()])
  }

  #rememberSecrets(env: Settings): void {
    const { tenant, org } = this.sandbox
    const all = [
      ...tenant.applications.flatMap(({ internalSecret, secrets }) => [
        internalSecret,
        ...secrets.map((s) => s.value),
      ]),
      ...tenant.ssoConnectors.map(({ config }) => config.clientSecret),
      ...tenant.hooks.map(({ signingKey }) => signingKey),
      ...org.apps.map(({ credentials }) => credentials.oauthClient.client_secret),
      ...org.apiTokens.map(({ value }) => value),
      ...org.eventHooks.map(({ config }) => config.authScheme?.value),
      ...Object.entries(env).flatMap(([name, value]) => (/SECRET|KEY|TOKEN/.test(name) ? [value] : [])),
    ]
    for (const value of all) if (value) this.secrets.add(value)
  }

  /** Sends what the doctor sends, and notes everything in it and in its answer that is nobody's business. */
  async #record(...[input, init]: Parameters<typeof fetch>): Promise<Response> {
    const request = new Request(input, init)
    const url = new URL(request.url)
    this.sent.push(`${request.method} ${url.pathname}`)
    this.#notePrivate(request.url)
    this.#note(request.headers.get('authorization')?.replace(/^\w+ /, ''))
    this.#notePrivate(`?${await request.clone().text()}`)
    const response = await this.send(input, init)
    this.#notePrivate(response.headers.get('location') ?? '')
    for (const cookie of response.headers.getSetCookie()) this.#note(/=([^;]*)/.exec(cookie)?.[1])
    for (const [, token] of (await response.clone().text()).matchAll(/"access_token":\s*"([^"]+)"/g))
      this.#note(token)
    return response
  }

  #notePrivate(url: string): void {
    if (!URL.canParse(url, this.url)) return
    const { searchParams } = new URL(url, this.url)
    for (const name of ['state', 'nonce', 'code', 'code_challenge', 'code_verifier', 'interaction']) {
      this.#note(searchParams.get(name))
    }
  }

  #note(value: string | null | undefined): void {
    if (value && value.length >= 8) this.secrets.add(value)
  }
}

function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the sandbox is not wired')
  return value
}

/** The result of one check. */
export function resultOf(results: readonly Result[], id: string): Result {
  return found(results.find((result) => result.id === id))
}
