import { throughProxy } from '../http-client/through-proxy.ts'
import { Secrets } from '../provision/secrets.ts'
import { companySecret } from '../settings/companies/company-secret.ts'
import type { AppConfig, Config, EnterpriseConnector } from '../settings/config.ts'
import type { Environment } from '../settings/parse.ts'
import type { RedisAddress } from '../settings/values/redis-address.ts'
import type { WiringSettings } from '../settings/wiring.ts'
import { fetchWithin } from '../sso/logto/logto-requester.ts'
import { type Ask, asker } from './ask.ts'
import type { Lookup } from './findings/reach.ts'
import { appConfigOf, type ReadSettings, readSettings } from './read-settings.ts'

/** What an examination uses from outside. */
export interface ExaminationOptions {
  fetch: typeof fetch
  /** Our clock, in milliseconds since 1970. */
  now: () => number
  lookup: Lookup
  /** Whose sign-in to follow, if anybody's. */
  email?: string | undefined
  /** The companies that the app knows; those of the settings unless told otherwise. */
  companies?: readonly EnterpriseConnector[]
  /** The file of settings that was read, as advice names it. */
  envFile?: string
}

/** Longest time that one call may take, in milliseconds. */
const longestCall = 5000

/**
 * What the checks of one run share: the settings, a way to call out, and the answers there are so far. Each step is
 * taken once, however many checks look at its answer.
 */
export class Examination {
  readonly settings: ReadSettings
  readonly email: string | undefined
  readonly envFile: string
  readonly now: () => number
  readonly lookup: Lookup
  readonly secrets = new Secrets()
  /** `fetch` with the time limit of this run. */
  readonly send: typeof fetch
  readonly ask: Ask
  readonly #companies: readonly EnterpriseConnector[] | undefined
  readonly #steps = new Map<unknown, unknown>()

  constructor(
    env: Environment,
    { fetch, now, lookup, email, companies, envFile = '.env' }: ExaminationOptions,
  ) {
    this.settings = readSettings(env)
    this.#companies = companies
    this.email = email
    this.envFile = envFile
    this.now = now
    this.lookup = lookup
    const { config, wiring } = this.settings
    this.send = fetchWithin(
      throughProxy(fetch, config?.proxyFor),
      Math.min(config?.logtoTimeout ?? longestCall, longestCall),
    )
    this.ask = asker(this.send, now)
    this.secrets.add(...(env.SESSION_SECRET ? (config?.sessionSecrets ?? []) : []))
    if (config?.logto) this.secrets.addClient(config.logto.appId, config.logto.appSecret)
    const { LOGTO_M2M_APP_ID: id, LOGTO_M2M_APP_SECRET: secret } = wiring ?? {}
    if (id && secret) this.secrets.addClient(id, secret)
    this.secrets.add(...(config?.companyHookKeys ?? []), ...companySecrets(config, companies))
    this.secrets.add(config?.webhookKey, ...redisPasswords(config?.sessions.redis))
    for (const name of otherSecrets) this.secrets.add(wiring?.[name])
  }

  /** The app's settings, with the time limit of this run. For checks behind `settings`. */
  get config(): AppConfig {
    const config = appConfigOf(this.settings)
    const connectors = this.#companies ?? config.connectors
    return { ...config, connectors, logtoTimeout: Math.min(config.logtoTimeout, longestCall) }
  }

  /** The settings that only provision and doctor read; undefined where they have faults. */
  get wiring(): WiringSettings | undefined {
    return this.settings.wiring
  }

  /** Takes a step the first time, and gives its outcome every time. @param key the step itself, or a name for it */
  once<T>(key: unknown, step: (on: Examination) => T): T {
    if (!this.#steps.has(key)) this.#steps.set(key, step(this))
    return this.#steps.get(key) as T
  }
}

const companySecrets = (
  config: Config | undefined,
  companies: readonly EnterpriseConnector[] = config?.connectors ?? [],
): string[] =>
  (config?.companyHookKeys ?? []).flatMap((key) => companies.map(({ issuer }) => companySecret(key, issuer)))

const otherSecrets = ['OKTA_API_TOKEN', 'OKTA_CLIENT_SECRET'] as const

const redisPasswords = ({ urls, sentinels = [] }: RedisAddress = { urls: [] }): string[] =>
  [...urls, ...sentinels].map((url) => decodeURIComponent(new URL(url).password))
