import { randomBytes } from 'node:crypto'
import { misspeltFaults } from './misspelt.ts'
import { type Environment, parseSettings } from './parse.ts'
import { type ProxyFor, proxyFaults, readProxy } from './proxy.ts'
import { crossFaults, tlsFaults } from './rules.ts'
import { type Settings, settings } from './settings.ts'
import type { EnterpriseConnector } from './values/connectors.ts'
import { hasProductionRules } from './values/environment-name.ts'
import { ownAddress } from './values/own-address.ts'
import { wiringSettings } from './wiring.ts'

export type { EnterpriseConnector } from './values/connectors.ts'

/** How the app reaches its Logto application. */
export interface LogtoConfig {
  /** Logto's address, without a trailing slash and without `/oidc`. */
  readonly endpoint: string
  readonly appId: string
  readonly appSecret: string
}

/** Everything the environment says, checked, typed and frozen. */
export interface Config {
  readonly production: boolean
  readonly port: number
  /** Address to listen on; undefined for all of them. */
  readonly host: string | undefined
  /** Milliseconds for which a connection is kept after an answer. */
  readonly keepAlive: number
  /** Milliseconds for which a process that is told to stop still takes connections. */
  readonly drain: number
  /** Where people reach the app, without a trailing slash; every URL the app gives out starts with it. */
  readonly baseUrl: string
  /** Undefined when no `LOGTO_` setting is set: then the process brings the sandbox. */
  readonly logto: LogtoConfig | undefined
  /** Whether tokens are to outlive the person's session at Logto (`offline_access`). */
  readonly offlineAccess: boolean
  /** Limit of each call to Logto, in milliseconds. */
  readonly logtoTimeout: number
  /** The first signs; every one verifies. */
  readonly sessionSecrets: readonly [string, ...string[]]
  readonly sessions: {
    /** Milliseconds without a request after which a session ends. */
    readonly idle: number
    /** Milliseconds since the person proved who they are after which a session ends. */
    readonly absolute: number
    /** Milliseconds a session is kept while Logto cannot renew its tokens. */
    readonly refreshGrace: number
    /** Milliseconds between two looks whether Logto still takes an access token; 0 for none. */
    readonly checkEvery: number
    /** Address of Redis, password included; undefined when sessions live in memory. */
    readonly redisUrl: string | undefined
  }
  /** Verifies Logto's webhook deliveries; undefined when all are refused. */
  readonly webhookKey: string | undefined
  /** Whether Logto is to send webhooks at all. */
  readonly webhooks: boolean
  /** Make each company's secret for its event hook, the first one those that are given out; empty when all are refused. */
  readonly companyHookKeys: readonly string[]
  /** The app's own API in Logto, for which access tokens are taken; undefined where none are. */
  readonly apiResource: string | undefined
  /** Which proxy an address is called through; undefined where there is none. */
  readonly proxyFor: ProxyFor | undefined
  /** The companies whose people may go straight to their Okta. */
  readonly connectors: readonly EnterpriseConnector[]
  /** Requests a minute and address to a limited route; 0 for no limit. */
  readonly rateLimit: number
  /** Express's `trust proxy`: a number of proxies, a list of their addresses, or none. */
  readonly trustProxy: number | readonly string[] | false
  readonly logLevel: string
  readonly sandbox: { readonly logtoPort: number; readonly oktaPort: number }
}

/** The config of an app that has a Logto to talk to, real or sandbox. */
export type AppConfig = Config & { readonly logto: LogtoConfig }

const settingNames = [...Object.keys(settings.shape), ...Object.keys(wiringSettings.shape)]

/**
 * Reads the settings from an environment.
 *
 * @param env such as `process.env`; an empty value counts as not set
 * @returns the frozen config
 * @throws ConfigError with every fault and its mend
 */
export function loadConfig(env: Environment): Config {
  const given = parseSettings(settings, env, (texts) => [
    ...crossFaults(texts),
    ...tlsFaults(env),
    ...misspeltFaults(env, settingNames),
    ...proxyFaults(env),
  ])
  return toConfig(given, readProxy(env))
}

function toConfig(given: Settings, proxyFor: ProxyFor | undefined): Config {
  const { LOGTO_ENDPOINT: endpoint, LOGTO_APP_ID: appId, LOGTO_APP_SECRET: appSecret } = given
  const [secret = randomBytes(32).toString('hex'), ...olderSecrets] = given.SESSION_SECRET ?? []
  const production = hasProductionRules(given.NODE_ENV)
  return Object.freeze({
    production,
    ...ownAddress(given),
    host: given.HOST,
    keepAlive: given.KEEP_ALIVE_SECONDS * 1000,
    drain: (given.DRAIN_SECONDS ?? (production ? 5 : 0)) * 1000,
    logto: endpoint && appId && appSecret ? Object.freeze({ endpoint, appId, appSecret }) : undefined,
    offlineAccess: given.LOGTO_OFFLINE_ACCESS === 'true',
    logtoTimeout: given.LOGTO_TIMEOUT_SECONDS * 1000,
    sessionSecrets: Object.freeze([secret, ...olderSecrets] as const),
    sessions: Object.freeze({
      idle: given.SESSION_IDLE_SECONDS * 1000,
      absolute: given.SESSION_ABSOLUTE_SECONDS * 1000,
      refreshGrace: given.REFRESH_GRACE_SECONDS * 1000,
      checkEvery: given.LOGTO_CHECK_SECONDS * 1000,
      redisUrl: given.SESSION_STORE === 'memory' ? undefined : given.REDIS_URL,
    }),
    webhookKey: given.LOGTO_WEBHOOK_SIGNING_KEY ?? undefined,
    webhooks: given.LOGTO_WEBHOOK_SIGNING_KEY !== null,
    companyHookKeys: Object.freeze(given.COMPANY_HOOK_KEY ?? []),
    apiResource: given.API_RESOURCE,
    proxyFor,
    connectors: given.SSO_CONNECTORS ?? Object.freeze([]),
    rateLimit: given.RATE_LIMIT,
    trustProxy: given.TRUST_PROXY ?? false,
    logLevel: given.LOG_LEVEL,
    sandbox: Object.freeze({ logtoPort: given.SANDBOX_LOGTO_PORT, oktaPort: given.SANDBOX_OKTA_PORT }),
  })
}
