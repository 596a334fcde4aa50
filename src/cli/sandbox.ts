import { parseArgs } from 'node:util'
import { updateEnvFile } from '../provision/env/env-file.ts'
import { ProvisionError } from '../provision/problem.ts'
import { commandLine } from '../settings/command-line.ts'
import { loadEnvFile } from '../settings/env-file/load-env-file.ts'
import { parseSettings } from '../settings/parse.ts'
import { settings } from '../settings/settings.ts'
import { hasProductionRules } from '../settings/values/environment-name.ts'
import { wiringSettings } from '../settings/wiring.ts'
import { stopGracefully } from './process/graceful-stop.ts'
import { startupMessage } from './startup-error.ts'

const USAGE = `Usage: ${commandLine('sandbox', '[options]')}

Starts a Logto and an Okta in miniature on this machine, both blank, and prints how to reach them.
SANDBOX_LOGTO_PORT and SANDBOX_OKTA_PORT, in the environment or in .env, say on which ports.

  --write-env   put what is printed for .env there: its other settings stay, and a backup is made
  --help, -h    show this
`

const ENV_FILE = '.env'

const sandboxSettings = settings
  .pick({ SANDBOX_LOGTO_PORT: true, SANDBOX_OKTA_PORT: true, NODE_ENV: true })
  .extend(wiringSettings.pick({ API_PERMISSIONS: true }).shape)

/** What the person who started us can fix, said without a stack. */
class Problem extends Error {}

async function main(): Promise<void> {
  const flags = readFlags(process.argv.slice(2))
  if (flags.help) {
    process.stdout.write(USAGE)
    return
  }
  loadEnvFile()
  const given = parseSettings(sandboxSettings, process.env)
  if (hasProductionRules(given.NODE_ENV)) {
    throw new Problem(`The sandbox is for development and does not start with NODE_ENV=${given.NODE_ENV}.`)
  }
  // Imported only now: without the development dependencies there is nothing to import, and that is worth explaining.
  const [{ startBlankSandbox }, { blankBanner, settingsOf }] = await Promise.all([
    import('../sandbox/blank.ts'),
    import('../sandbox/banner.ts'),
  ])
  const sandbox = await startBlankSandbox({
    logtoPort: given.SANDBOX_LOGTO_PORT,
    oktaPort: given.SANDBOX_OKTA_PORT,
    companies: true,
    apiPermissions: given.API_PERMISSIONS ?? [],
  })
  stopGracefully(sandbox.close, fail)
  process.stdout.write(blankBanner(sandbox))
  if (flags['write-env']) await writeSettings(settingsOf(sandbox))
}

/** @throws Problem for arguments there are none of */
function readFlags(args: string[]): { help?: boolean; 'write-env'?: boolean } {
  const flag = { type: 'boolean' } as const
  try {
    return parseArgs({ args, options: { help: { ...flag, short: 'h' }, 'write-env': flag } }).values
  } catch (error) {
    throw new Problem(`${(error as Error).message.split('. ')[0]}.\n\n${USAGE.trimEnd()}`)
  }
}

async function writeSettings(values: Record<string, string>): Promise<void> {
  const backup = await updateEnvFile(ENV_FILE, values)
  process.stdout.write(
    `${ENV_FILE} has these settings now${backup ? `; as it was before it is in ${backup}` : ''}.\n`,
  )
}

function fail(error: unknown): never {
  const words =
    error instanceof Problem || error instanceof ProvisionError
      ? error.message
      : startupMessage(error, 'SANDBOX_LOGTO_PORT, SANDBOX_OKTA_PORT')
  process.stderr.write(`${words}\n`)
  process.exit(1)
}

main().catch(fail)
