import { commandLine } from '../../../settings/command-line.ts'
import type { SettingFault } from '../../../settings/fault.ts'
import type { Check, Finding } from '../../check.ts'
import type { ReadSettings } from '../../read-settings.ts'

/** Whether the settings can be read, and name a Logto at all. */
export const settings: Check = {
  id: 'settings',
  title: 'The settings',
  needs: [],
  async examine({ settings, envFile }) {
    const finding = faults(settings) ?? nothingToExamine(settings) ?? allWell(settings)
    return { ...finding, tried: `read the settings from the environment and ${envFile}` }
  },
}

function faults({ faults, wiringFaults }: ReadSettings): Omit<Finding, 'tried'> | undefined {
  const all = [...faults, ...wiringFaults]
  if (all.length === 0) return undefined
  return {
    status: 'broken',
    answer: all.length === 1 ? 'one fault' : `${all.length} faults`,
    meaning: linesOf(all, ({ setting, problem }) => `${setting} ${problem}`),
    fix: linesOf(all, ({ setting, fix }) => `${setting}: ${fix}`),
    // The chain can be walked without the settings that only provision and doctor read.
    blocks: faults.length > 0,
  }
}

const linesOf = (all: readonly SettingFault[], line: (fault: SettingFault) => string) =>
  all.map(line).join('\n')

function nothingToExamine({ config }: ReadSettings): Omit<Finding, 'tried'> | undefined {
  if (config?.logto) return undefined
  return {
    status: 'broken',
    answer: 'LOGTO_ENDPOINT, LOGTO_APP_ID and LOGTO_APP_SECRET are not set',
    meaning: 'There is nothing to examine yet. In the demo, npm start then brings a sandbox of its own.',
    fix: `Run ${commandLine('provision')}, which wires a Logto tenant and writes the three settings. To try it without an account, start ${commandLine('sandbox')} first: it is a tenant to wire.`,
  }
}

function allWell({ config }: ReadSettings): Omit<Finding, 'tried'> {
  return { status: 'ok', answer: `the app at ${config?.baseUrl}, Logto at ${config?.logto?.endpoint}` }
}
