import type { SettingFault } from '../../../settings/fault.ts'
import type { Check, Finding } from '../../check.ts'
import type { ReadSettings } from '../../read-settings.ts'

const tried = 'read the settings from the environment and .env'

/** Whether the settings can be read, and name a Logto at all. */
export const settings: Check = {
  id: 'settings',
  title: 'The settings',
  needs: [],
  examine: async ({ settings }) => faults(settings) ?? nothingToExamine(settings) ?? allWell(settings),
}

function faults({ faults, wiringFaults }: ReadSettings): Finding | undefined {
  const all = [...faults, ...wiringFaults]
  if (all.length === 0) return undefined
  return {
    status: 'broken',
    tried,
    answer: all.length === 1 ? 'one fault' : `${all.length} faults`,
    meaning: linesOf(all, ({ setting, problem }) => `${setting} ${problem}`),
    fix: linesOf(all, ({ setting, fix }) => `${setting}: ${fix}`),
    // The chain can be walked without the settings that only provision and doctor read.
    blocks: faults.length > 0,
  }
}

const linesOf = (all: readonly SettingFault[], line: (fault: SettingFault) => string) =>
  all.map(line).join('\n')

function nothingToExamine({ config }: ReadSettings): Finding | undefined {
  if (config?.logto) return undefined
  return {
    status: 'broken',
    tried,
    answer: 'LOGTO_ENDPOINT, LOGTO_APP_ID and LOGTO_APP_SECRET are not set',
    meaning: 'There is nothing to examine yet: without them npm start brings a sandbox of its own.',
    fix: 'Run npm run provision, which wires a Logto tenant and writes the three settings. To try it without an account, start npm run sandbox first: it is a tenant to wire.',
  }
}

function allWell({ config }: ReadSettings): Finding {
  return { status: 'ok', tried, answer: `the app at ${config?.baseUrl}, Logto at ${config?.logto?.endpoint}` }
}
