#!/usr/bin/env -S node --
import { parseArgs } from 'node:util'
import { updateEnvFile } from '../provision/env/env-file.ts'
import { ProvisionError } from '../provision/problem.ts'
import { startBlankSandbox } from '../sandbox/index.ts'
import { commandLine } from '../settings/command-line.ts'
import { loadEnvFile } from '../settings/env-file/load-env-file.ts'
import { parseSettings } from '../settings/parse.ts'
import { settings } from '../settings/settings.ts'
import { hasProductionRules } from '../settings/values/environment-name.ts'
import { wiringSettings } from '../settings/wiring.ts'
import { commandLanguage, languageOption } from './options/language.ts'
import { readArgs } from './options/option-faults.ts'
import { phrase } from './phrase.ts'
import { stopGracefully } from './process/graceful-stop.ts'
import { failureMessage } from './startup-error.ts'
import { blankBanner, settingsOf } from './terminal/sandbox-banner.ts'
import { sayIn } from './terminal/say.ts'

const usage = phrase`Usage: ${commandLine('sandbox', '[options]')}

Starts a Logto and an Okta in miniature on this machine, both blank, and prints
how to reach them. SANDBOX_LOGTO_PORT and SANDBOX_OKTA_PORT, in the environment
or in .env, set their ports.

  --write-env         write the printed settings into .env: its other settings
                      stay, and a backup is made
  --language en|ja    the language of the output (default: the locale's)
  --help, -h          show this
`

const language = commandLanguage()
const say = sayIn(language)

const ENV_FILE = '.env'

const sandboxSettings = settings
  .pick({ SANDBOX_LOGTO_PORT: true, SANDBOX_OKTA_PORT: true, NODE_ENV: true })
  .extend(wiringSettings.pick({ API_PERMISSIONS: true }).shape)

const flag = { type: 'boolean' } as const
const options = { ...languageOption, help: { ...flag, short: 'h' }, 'write-env': flag } as const

async function main(): Promise<void> {
  const flags = readArgs(() => parseArgs({ options }).values)
  if (flags.help) {
    process.stdout.write(usage[language])
    return
  }
  loadEnvFile()
  const given = parseSettings(sandboxSettings, process.env)
  if (hasProductionRules(given.NODE_ENV)) {
    throw new ProvisionError(
      phrase`The sandbox is for development and does not start with NODE_ENV=${given.NODE_ENV}.`,
      phrase`Set LOGTO_ENDPOINT, LOGTO_APP_ID and LOGTO_APP_SECRET of a real Logto, or leave out NODE_ENV.`,
    )
  }
  const sandbox = await startBlankSandbox({
    logtoPort: given.SANDBOX_LOGTO_PORT,
    oktaPort: given.SANDBOX_OKTA_PORT,
    companies: true,
    apiPermissions: given.API_PERMISSIONS ?? [],
  })
  stopGracefully(sandbox.close, fail)
  say(blankBanner(sandbox))
  if (flags['write-env']) await writeSettings(settingsOf(sandbox))
}

async function writeSettings(values: Record<string, string>): Promise<void> {
  const backup = await updateEnvFile(ENV_FILE, values)
  say(
    backup
      ? phrase`${ENV_FILE} has these settings now; the earlier one is in ${backup}.`
      : phrase`${ENV_FILE} has these settings now.`,
  )
}

function fail(error: unknown): never {
  const ports = 'SANDBOX_LOGTO_PORT, SANDBOX_OKTA_PORT'
  process.stderr.write(`${failureMessage(error, usage, ports, language)}\n`)
  process.exit(1)
}

main().catch(fail)
