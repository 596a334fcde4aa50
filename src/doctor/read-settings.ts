import { type AppConfig, type Config, loadConfig } from '../settings/config.ts'
import type { SettingFault } from '../settings/fault.ts'
import { ConfigError, type Environment, parseSettings } from '../settings/parse.ts'
import { type WiringSettings, wiringSettings } from '../settings/wiring.ts'
import { phrase } from './phrase.ts'

/** The settings, as far as they can be read. */
export interface ReadSettings {
  /** Undefined with a fault in the app's settings. */
  config: Config | undefined
  /** Undefined with a fault in the settings of provision and doctor. */
  wiring: WiringSettings | undefined
  /** Of the app's settings. */
  faults: readonly SettingFault[]
  /** Of the settings that only provision and doctor read. */
  wiringFaults: readonly SettingFault[]
}

/** Reads all settings and keeps every fault. @param env such as `process.env` */
export function readSettings(env: Environment): ReadSettings {
  const app = faultsOr(() => loadConfig(env))
  const wiring = faultsOr(() => parseSettings(wiringSettings, env, halfPairs))
  return { config: app.value, wiring: wiring.value, faults: app.faults, wiringFaults: wiring.faults }
}

/** The config with Logto in it. @throws when there is none, which the first check has said by then */
export function appConfigOf({ config }: ReadSettings): AppConfig {
  if (!config?.logto) throw new Error('no config with Logto in it')
  return { ...config, logto: config.logto }
}

const pair = ['LOGTO_M2M_APP_ID', 'LOGTO_M2M_APP_SECRET'] as const

/** Either of the two is worth nothing alone, and would be ignored. */
function halfPairs(given: Readonly<Record<string, string>>): SettingFault[] {
  const missing = pair.filter((name) => given[name] === undefined)
  if (missing.length !== 1) return []
  return missing.map((setting) => ({
    setting,
    problem: phrase`is not set, while the other of its pair is`,
    fix: phrase`copy it from the machine-to-machine application's page in the Logto console, or leave out both`,
  }))
}

function faultsOr<T>(read: () => T): { value: T | undefined; faults: readonly SettingFault[] } {
  try {
    return { value: read(), faults: [] }
  } catch (error) {
    if (error instanceof ConfigError) return { value: undefined, faults: error.faults }
    throw error
  }
}
