import { type LogtoAccess, managementApiOf } from '../provision/desired.ts'
import { portalSettings } from '../settings/companies/portal-settings.ts'
import { type Config, loadConfig } from '../settings/config.ts'
import { makeSecret, type SettingFault } from '../settings/fault.ts'
import { misspeltFaults } from '../settings/misspelt.ts'
import { type Environment, parseSettings } from '../settings/parse.ts'
import { readProxy } from '../settings/proxy.ts'
import { settings } from '../settings/settings.ts'
import { hasProductionRules } from '../settings/values/environment-name.ts'
import { ownAddress } from '../settings/values/own-address.ts'
import { redisIn } from '../settings/values/redis-address.ts'
import { wiringSettings } from '../settings/wiring.ts'
import type { InEachLanguage } from '../words/phrase.ts'
import { phrase } from './phrase.ts'

/** Where the portal listens, unless the settings say otherwise. */
const usualPort = 3003

const everySetting = { ...settings.shape, ...wiringSettings.shape, ...portalSettings.shape }

const schema = settings
  .pick({
    ...{ BASE_URL: true, PORT: true, LOGTO_ENDPOINT: true, NODE_ENV: true, SSO_CONNECTORS: true },
    ...{ SESSION_STORE: true, REDIS_URL: true, REDIS_SENTINELS: true, COMPANIES_FILE: true },
  })
  .extend(
    wiringSettings.pick({
      ...{ LOGTO_M2M_APP_ID: true, LOGTO_M2M_APP_SECRET: true, LOGTO_MANAGEMENT_API: true, APP_NAME: true },
      ...{ SSO_ORGANIZATION_ROLES: true, SSO_ORGANIZATION_PERMISSIONS: true },
    }).shape,
  )
  .extend(portalSettings.shape)

export type PortalConfig = ReturnType<typeof loadPortalConfig>

/**
 * Reads the settings of the portal and of its invitations, and as much of the app's as says where companies live.
 *
 * @param env such as `process.env`
 * @throws ConfigError with every fault and its fix
 */
export function loadPortalConfig(env: Environment) {
  const given = parseSettings(schema, env, (texts) => [
    ...missing(texts),
    ...misspeltFaults(env, Object.keys(everySetting)),
  ])
  const { LOGTO_ENDPOINT: endpoint = '', PORTAL_SECRET = [] } = given
  const { baseUrl, port } = ownAddress(
    { BASE_URL: given.PORTAL_BASE_URL, PORT: given.PORTAL_PORT },
    usualPort,
  )
  const logto: LogtoAccess = {
    endpoint,
    managementApi: given.LOGTO_MANAGEMENT_API ?? managementApiOf(endpoint),
    appId: given.LOGTO_M2M_APP_ID ?? '',
    appSecret: given.LOGTO_M2M_APP_SECRET ?? '',
  }
  return Object.freeze({
    baseUrl,
    port,
    /** Whether the strict rules hold: the portal then calls public addresses by https, and no others. */
    production: hasProductionRules(given.NODE_ENV),
    /** The first seals; every one opens. */
    secrets: PORTAL_SECRET as [string, ...string[]],
    /** Milliseconds for which an invitation is good. */
    goodFor: given.PORTAL_INVITATION_SECONDS * 1000,
    logto,
    appName: given.APP_NAME,
    /** What people get who join their company's organization. */
    organization: {
      roles: given.SSO_ORGANIZATION_ROLES ?? [],
      permissions: given.SSO_ORGANIZATION_PERMISSIONS ?? [],
    },
    proxyFor: readProxy(env),
    /** The companies of the settings. */
    connectors: given.SSO_CONNECTORS ?? [],
    /** Where the app's companies live, the portal's invitations beside them. */
    whereabouts: {
      baseUrl: ownAddress(given).baseUrl,
      sessions: { redis: redisIn(given) },
      companiesFile: given.COMPANIES_FILE,
    },
    /** The portal as a host of the package, for its pages and for sign-ins that try a company's provider. */
    asHost: hostConfig(env, { baseUrl, port: String(port), secrets: PORTAL_SECRET.join(',') }),
  })
}

/** What is the app's alone stays out of it: companies, keys, and what of its own it has at Logto. */
const hostConfig = (
  env: Environment,
  { baseUrl, port, secrets }: { baseUrl: string; port: string; secrets: string },
): Config =>
  loadConfig({
    ...env,
    ...{ BASE_URL: baseUrl, PORT: port, SESSION_SECRET: secrets },
    // Of its own application, which is made when it starts.
    ...{ LOGTO_APP_ID: 'portal', LOGTO_APP_SECRET: 'portal' },
    ...{ LOGTO_WEBHOOK_SIGNING_KEY: 'none' },
    ...{ API_RESOURCE: '', COMPANY_HOOK_KEY: '', SSO_CONNECTORS: '', COMPANIES_FILE: '', METRICS_PORT: '' },
  })

const needed: Readonly<Record<string, InEachLanguage>> = {
  LOGTO_ENDPOINT: phrase`copy “Logto endpoint” from any application's page in the Logto console`,
  LOGTO_M2M_APP_ID: phrase`copy “App ID” from the machine-to-machine application's page in the Logto console`,
  LOGTO_M2M_APP_SECRET: phrase`copy an app secret from the same page`,
  PORTAL_SECRET: makeSecret,
}

function missing(given: Readonly<Record<string, string>>): SettingFault[] {
  const faults = Object.entries(needed)
    .filter(([setting]) => given[setting] === undefined)
    .map(([setting, fix]) => ({ setting, problem: phrase`is not set`, fix }))
  if (!hasProductionRules(given.NODE_ENV) || given.PORTAL_BASE_URL?.startsWith('https:')) return faults
  const fix = phrase`write the https address at which the portal is reached; TLS may end at a proxy`
  return [
    ...faults,
    {
      setting: 'PORTAL_BASE_URL',
      problem: phrase`is no https address; links and secrets would travel in the clear`,
      fix,
    },
  ]
}
