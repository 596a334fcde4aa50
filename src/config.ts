import { randomBytes } from 'node:crypto'
import type { z } from 'zod'
import { faultFrom, type SettingFault } from './settings/fault.ts'
import { misspeltFaults } from './settings/misspelt.ts'
import { crossFaults } from './settings/rules.ts'
import { type Settings, settings } from './settings/settings.ts'

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
  /** Where people reach the app, without a trailing slash; every URL the app gives out starts with it. */
  readonly baseUrl: string
  /** Undefined when no `LOGTO_` setting is set: then the process brings the sandbox. */
  readonly logto: LogtoConfig | undefined
  /** Limit of each call to Logto, in milliseconds. */
  readonly logtoTimeout: number
  /** The first signs; every one verifies. */
  readonly sessionSecrets: readonly [string, ...string[]]
  /** Express's `trust proxy`: a number of proxies, a list of their addresses, or none. */
  readonly trustProxy: number | readonly string[] | false
  readonly logLevel: string
  readonly sandbox: { readonly logtoPort: number; readonly oktaPort: number }
}

/** The config of an app that has a Logto to talk to, real or sandbox. */
export type AppConfig = Config & { readonly logto: LogtoConfig }

/** Raised by `loadConfig`; holds every fault that was found, not only the first. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly faults: readonly SettingFault[]

  constructor(faults: readonly SettingFault[]) {
    const lines = faults.map(({ setting, problem, mend }) => `  ${setting} ${problem}\n    → ${mend}`)
    super(
      `${faults.length === 1 ? 'A setting is' : `${faults.length} settings are`} wrong:\n${lines.join('\n')}`,
    )
    this.faults = faults
  }
}

/**
 * Reads the settings from an environment.
 *
 * @param env such as `process.env`; an empty value counts as not set
 * @returns the frozen config
 * @throws ConfigError with every fault and its mend
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const names = Object.keys(settings.shape)
  const given = Object.fromEntries(
    names.flatMap((name) => {
      const value = env[name]?.trim()
      return value ? [[name, value]] : []
    }),
  )
  const parsed = settings.safeParse(given)
  const faults = [...shapeFaults(parsed.error), ...crossFaults(given), ...misspeltFaults(env, names)]
  if (!parsed.success || faults.length > 0) throw new ConfigError(faults)
  return toConfig(parsed.data)
}

/** What is wrong with single values, the first fault of each. */
function shapeFaults(error: z.ZodError | undefined): SettingFault[] {
  const faults = (error?.issues ?? []).map(({ path, message }) => faultFrom(String(path[0]), message))
  return faults.filter(
    ({ setting }, index) => faults.findIndex((fault) => fault.setting === setting) === index,
  )
}

function toConfig(given: Settings): Config {
  const { LOGTO_ENDPOINT: endpoint, LOGTO_APP_ID: appId, LOGTO_APP_SECRET: appSecret } = given
  const [secret = randomBytes(32).toString('hex'), ...olderSecrets] = given.SESSION_SECRET ?? []
  return Object.freeze({
    production: given.NODE_ENV === 'production',
    port: given.PORT,
    baseUrl: given.BASE_URL ?? `http://localhost:${given.PORT}`,
    logto: endpoint && appId && appSecret ? Object.freeze({ endpoint, appId, appSecret }) : undefined,
    logtoTimeout: given.LOGTO_TIMEOUT_SECONDS * 1000,
    sessionSecrets: Object.freeze([secret, ...olderSecrets] as const),
    trustProxy: given.TRUST_PROXY ?? false,
    logLevel: given.LOG_LEVEL,
    sandbox: Object.freeze({ logtoPort: given.SANDBOX_LOGTO_PORT, oktaPort: given.SANDBOX_OKTA_PORT }),
  })
}
