import { commandLine } from '../../../settings/command-line.ts'
import { joined } from '../../../words/phrase.ts'
import type { Check, Finding } from '../../check.ts'
import { phrase } from '../../phrase.ts'
import type { ReadSettings } from '../../read-settings.ts'

/** Whether the settings can be read, and name a Logto at all. */
export const settings: Check = {
  id: 'settings',
  title: phrase`The settings`,
  needs: [],
  async examine({ settings, envFile }) {
    const finding = faults(settings) ?? nothingToExamine(settings) ?? allWell(settings)
    return { ...finding, tried: phrase`read the settings from the environment and ${envFile}` }
  },
}

function faults({ faults, wiringFaults }: ReadSettings): Omit<Finding, 'tried'> | undefined {
  const all = [...faults, ...wiringFaults]
  if (all.length === 0) return undefined
  return {
    status: 'broken',
    answer: all.length === 1 ? phrase`one fault` : phrase`${all.length} faults`,
    meaning: joined(all.map(({ setting, problem }) => phrase`${setting} ${problem}`)),
    fix: joined(all.map(({ setting, fix }) => phrase`${setting}: ${fix}`)),
    // The chain can be walked without the settings that only provision and doctor read.
    blocks: faults.length > 0,
  }
}

function nothingToExamine({ config }: ReadSettings): Omit<Finding, 'tried'> | undefined {
  if (config?.logto) return undefined
  return {
    status: 'broken',
    answer: phrase`LOGTO_ENDPOINT, LOGTO_APP_ID and LOGTO_APP_SECRET are not set`,
    meaning: phrase`There is nothing to examine yet. In the demo, npm start then brings a sandbox of its own.`,
    fix: phrase`Run ${commandLine('provision')}, which wires a Logto tenant and writes the three settings. To try it without an account, start ${commandLine('sandbox')} first: it is a tenant to wire.`,
  }
}

function allWell({ config }: ReadSettings): Omit<Finding, 'tried'> {
  return { status: 'ok', answer: phrase`the app at ${config?.baseUrl}, Logto at ${config?.logto?.endpoint}` }
}
