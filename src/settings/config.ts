import { randomBytes } from 'node:crypto'
import type { EnterpriseConnector } from './companies/connector.ts'
import { portalSettings } from './companies/portal-settings.ts'
import { misspeltFaults } from './misspelt.ts'
import { type Environment, parseSettings } from './parse.ts'
import { type ProxyFor, proxyFaults, readProxy } from './proxy.ts'
import { crossFaults, tlsFaults } from './rules.ts'
import { type Settings, settings } from './settings.ts'
import { hasProductionRules } from './values/environment-name.ts'
import { ownAddress } from './values/own-address.ts'
import { redisIn } from './values/redis-address.ts'
import { wiringSettings } from './wiring.ts'

export type { EnterpriseConnector } from './companies/connector.ts'

/** How the app reaches its Logto application. */
export interface LogtoConfig {
  /** Logto's address, without a trailing slash and without `/oidc`. */
  readonly endpoint: string
  readonly appId: string
  readonly appSecret: string
}

/** Everything the environment says, checked, typed and frozen. */
export type Config = ReturnType<typeof toConfig>

/** The config of an app that has a Logto to talk to, real or sandbox. */
export type AppConfig = Config & { readonly logto: LogtoConfig }

const settingNames = [settings, wiringSettings, portalSettings].flatMap(({ shape }) => Object.keys(shape))

/**
 * Reads the settings from an environment.
 *
 * @param env such as `process.env`; an empty value counts as not set
 * @returns the frozen config
 * @throws ConfigError with every fault and its fix
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

/** A setting is a row in `settings.ts` and its field here, whose comment every host reads. */
function toConfig(given: Settings, proxyFor: ProxyFor | undefined) {
  const production = hasProductionRules(given.NODE_ENV)
  const { baseUrl, port } = ownAddress(given)
  return Object.freeze({
    /** Whether the strict rules hold, and there is no sandbox. */
    production,
    /** Port to listen on. */
    port,
    /** Address to listen on; undefined for all of them. */
    host: given.HOST,
    /** Milliseconds for which a connection is kept after an answer. */
    keepAlive: given.KEEP_ALIVE_SECONDS * 1000,
    /** Milliseconds for which a process that is told to stop still takes connections. */
    drain: (given.DRAIN_SECONDS ?? (production ? 5 : 0)) * 1000,
    /** Where people reach the app, without a trailing slash; every URL the app gives out starts with it. */
    baseUrl,
    /** Undefined when no `LOGTO_` setting is set: then the process brings the sandbox. */
    logto: logtoIn(given),
    /** Whether tokens are to outlive the person's session at Logto (`offline_access`). */
    offlineAccess: given.LOGTO_OFFLINE_ACCESS === 'true',
    /** Limit of each call to Logto, in milliseconds. */
    logtoTimeout: given.LOGTO_TIMEOUT_SECONDS * 1000,
    /** The first signs; every one verifies. */
    sessionSecrets: sessionSecretsIn(given),
    sessions: Object.freeze({
      /** Milliseconds without a request after which a session ends. */
      idle: given.SESSION_IDLE_SECONDS * 1000,
      /** Milliseconds since the person proved who they are after which a session ends. */
      absolute: given.SESSION_ABSOLUTE_SECONDS * 1000,
      /** Milliseconds a session is kept while Logto cannot renew its tokens. */
      refreshGrace: given.REFRESH_GRACE_SECONDS * 1000,
      /** Milliseconds between two looks whether Logto still takes an access token; 0 for none. */
      checkEvery: given.LOGTO_CHECK_SECONDS * 1000,
      /** Where Redis is, password included; undefined when sessions live in memory. */
      redis: redisIn(given),
    }),
    /** Verifies Logto's webhook deliveries; undefined when all are refused. */
    webhookKey: given.LOGTO_WEBHOOK_SIGNING_KEY ?? undefined,
    /** Whether Logto is to send webhooks at all. */
    webhooks: given.LOGTO_WEBHOOK_SIGNING_KEY !== null,
    /** Make each company's secret for its event hook, the first one those that are given out; empty when all are refused. */
    companyHookKeys: Object.freeze(given.COMPANY_HOOK_KEY ?? []),
    /** The app's own API in Logto, for which access tokens are taken; undefined where none are. */
    apiResource: given.API_RESOURCE,
    /** Which proxy an address is called through; undefined where there is none. */
    proxyFor,
    /** The companies of the settings, whose people may go straight to their identity provider. */
    connectors: given.SSO_CONNECTORS ?? Object.freeze<EnterpriseConnector[]>([]),
    /** Where companies live that come while the app runs, if not in Redis; a path. */
    companiesFile: given.COMPANIES_FILE,
    /** Requests a minute and address to a limited route; 0 for no limit. */
    rateLimit: given.RATE_LIMIT,
    /** Express's `trust proxy`: a number of proxies, a list of their addresses, or none. */
    trustProxy: given.TRUST_PROXY ?? (false as const),
    /** Port on which the demo serves measurements; undefined where it serves none. */
    metricsPort: given.METRICS_PORT,
    /** Least level that is logged. */
    logLevel: given.LOG_LEVEL,
    /** Whether the demo writes its log for people rather than machines. */
    readableLog: (given.LOG_FORMAT ?? (production ? 'json' : 'text')) === 'text',
    sandbox: Object.freeze({ logtoPort: given.SANDBOX_LOGTO_PORT, oktaPort: given.SANDBOX_OKTA_PORT }),
  })
}

function logtoIn({
  LOGTO_ENDPOINT: endpoint,
  LOGTO_APP_ID: appId,
  LOGTO_APP_SECRET: appSecret,
}: Settings): LogtoConfig | undefined {
  return endpoint && appId && appSecret ? Object.freeze({ endpoint, appId, appSecret }) : undefined
}

function sessionSecretsIn({ SESSION_SECRET: given = [] }: Settings): readonly [string, ...string[]] {
  const [secret = randomBytes(32).toString('hex'), ...older] = given
  return Object.freeze([secret, ...older] as const)
}
