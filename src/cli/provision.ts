import { dirname } from 'node:path'
import { CompaniesError, openPlace, readWhereabouts } from '../companies/index.ts'
import { throughProxy } from '../http-client/through-proxy.ts'
import { leftByHand } from '../provision/connection/left-by-hand.ts'
import type { Desired } from '../provision/desired.ts'
import { planCompany } from '../provision/env/company.ts'
import { readEnvFile } from '../provision/env/env-file.ts'
import { type EnvStep, planEnvFile } from '../provision/env/env-step.ts'
import { isToDo } from '../provision/plan.ts'
import { ProvisionError } from '../provision/problem.ts'
import { planProvisioning } from '../provision/provision.ts'
import { readDesired } from '../provision/read-desired.ts'
import { Secrets } from '../provision/secrets.ts'
import { commandLine, startCommand } from '../settings/command-line.ts'
import { ConfigError } from '../settings/parse.ts'
import { readProxy } from '../settings/proxy.ts'
import { visible, visibleLines } from '../settings/visible.ts'
import { isWanted } from './go-ahead.ts'
import { type Flags, readFlags, USAGE } from './options/provision-flags.ts'
import { printPlan } from './print-plan.ts'

const DONE = 0
const FAILED = 1
const TO_DO = 2

const secrets = new Secrets()

/** The one way out: no secret in it, whoever said it, and nothing that a terminal would obey. */
const print = (stream: NodeJS.WriteStream, text: string) =>
  stream.write(`${visibleLines(secrets.cutFrom(text))}\n`)
const say = (text: string) => print(process.stdout, text)
/** Progress goes where it does not get into what is piped on. */
const report = (line: string) => print(process.stderr, `… ${visible(line)}`)

async function main(): Promise<number> {
  const flags = readFlags(process.argv.slice(2))
  if (flags.help) {
    say(USAGE)
    return DONE
  }
  const file = await readEnvFile(flags.envFile)
  const env = { ...file.values, ...set(process.env), ...flags.settings }
  const desired = readDesired(env, flags)
  const provisioning = await planProvisioning(desired, {
    report,
    secrets,
    send: throughProxy(fetch, readProxy(env)),
  })
  const envFile = await planEnvFile(flags.envFile, process.env, desired, provisioning.wired)
  const place = await openPlace(readWhereabouts(env, dirname(flags.envFile))).catch(notFromHere)
  const company = await planCompany(place, desired, provisioning.wired)
  const steps = [...provisioning.steps, envFile, company]

  say(`\nPlan for ${desired.baseUrl}\n\n${printPlan(steps)}`)
  if (steps.some(isToDo)) {
    if (flags.dryRun) return TO_DO
    if (!flags.yes && !(await isWanted())) {
      say('Nothing was changed.')
      return FAILED
    }
    try {
      await provisioning.apply()
    } finally {
      // Also when a later step failed: what the app can sign in with is there by then.
      if (isToDo(envFile) && provisioning.wired.appSecret) await write(flags.envFile, envFile)
      if (isToDo(company)) await company.apply()
    }
    for (const sentence of provisioning.left) say(`Not yet: ${sentence}\n`)
    say('Done.\n')
  }
  if ('close' in place) await place.close()
  if (!flags.dryRun || provisioning.byHand) {
    const changed = steps.some(isToDo)
    const isTerminal = process.stdout.isTTY
    const texts = leftByHand(desired, provisioning, { envFile, changed, asked: flags.byHand, isTerminal })
    for (const { text, secret } of texts) {
      // The one secret that somebody has to type elsewhere.
      if (secret) process.stdout.write(`${visibleLines(text)}\n`)
      else say(text)
    }
  }
  if (!flags.dryRun && !provisioning.byHand) {
    say(nextStep(flags, desired))
  }
  return DONE
}

/** A Redis of which only the app knows the way takes no company from here: the file of settings has it. */
function notFromHere(error: unknown): { name: string; fault: string } {
  if (!(error instanceof CompaniesError)) throw error
  return {
    name: 'Companies',
    fault: `${error.message} The app knows this company from SSO_CONNECTORS once it is started anew.`,
  }
}

/** The doctor reads the same file; only `.env` is read without being named. */
function nextStep({ envFile }: Flags, { connector }: Desired): string {
  const args = `--email you@${connector.domains[0]}`
  if (envFile === '.env') return `Next: ${startCommand}, then ${commandLine('doctor', args)}`
  return `Next: start the app with ${envFile}, then ${commandLine('doctor', `--env-file ${envFile} ${args}`)}`
}

async function write(path: string, envFile: EnvStep): Promise<void> {
  report(`writing ${path}`)
  await envFile.apply()
  if (envFile.backup()) say(`The ${path} from before is in ${envFile.backup()}.`)
}

/** An empty variable of the environment counts as not set, and hides none of the file's. */
const set = (env: NodeJS.ProcessEnv) =>
  Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()))

function failureMessage(error: unknown): string {
  if (error instanceof ProvisionError || error instanceof ConfigError) return error.message
  const { code, message, stack } = error as NodeJS.ErrnoException
  if (code?.startsWith('ERR_PARSE_ARGS_'))
    return `${message}\n  → ${commandLine('provision', '--help')} shows what there is`
  if (code === 'ERR_MODULE_NOT_FOUND') {
    return `${message}\n  → provision needs the development dependencies: run npm ci`
  }
  return stack ?? String(error)
}

main().then(
  (status) => {
    process.exitCode = status
  },
  (error) => {
    print(process.stderr, `\n${failureMessage(error)}`)
    process.exitCode = FAILED
  },
)
