#!/usr/bin/env -S node --
import { dirname } from 'node:path'
import { CompaniesError, openPlace, readWhereabouts } from '../companies/index.ts'
import { throughProxy } from '../http-client/through-proxy.ts'
import { leftByHand } from '../provision/connection/left-by-hand.ts'
import type { Desired } from '../provision/desired.ts'
import { planCompany } from '../provision/env/company.ts'
import { readEnvFile } from '../provision/env/env-file.ts'
import { type EnvStep, planEnvFile } from '../provision/env/env-step.ts'
import { isToDo } from '../provision/plan.ts'
import { planProvisioning } from '../provision/provision.ts'
import { readDesired } from '../provision/read-desired.ts'
import { Secrets } from '../provision/secrets.ts'
import { commandLine, startCommand } from '../settings/command-line.ts'
import { readProxy } from '../settings/proxy.ts'
import { visible, visibleLines } from '../settings/visible.ts'
import { type InEachLanguage, type Text, textIn } from '../words/phrase.ts'
import { commandLanguage } from './options/language.ts'
import { type Flags, readFlags, usage } from './options/provision-flags.ts'
import { phrase } from './phrase.ts'
import { failureMessage } from './startup-error.ts'
import { isWanted } from './terminal/go-ahead.ts'
import { printPlan } from './terminal/print-plan.ts'

const DONE = 0
const FAILED = 1
const TO_DO = 2

const secrets = new Secrets()
const language = commandLanguage()

/** The one way out: no secret in it, whoever said it, and nothing that a terminal would obey. */
const print = (stream: NodeJS.WriteStream, text: string) =>
  stream.write(`${visibleLines(secrets.cutFrom(text))}\n`)
const say = (text: Text) => print(process.stdout, textIn(text, language))
/** Progress goes where it does not get into what is piped on. */
const report = (line: InEachLanguage) => print(process.stderr, `… ${visible(line[language])}`)

async function main(): Promise<number> {
  const flags = readFlags(process.argv.slice(2))
  if (flags.help) {
    say(usage)
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

  say(phrase`\nPlan for ${desired.baseUrl}\n\n${printPlan(steps, language)}`)
  if (steps.some(isToDo)) {
    if (flags.dryRun) return TO_DO
    if (!flags.yes && !(await isWanted(language))) {
      say(phrase`Nothing was changed.`)
      return FAILED
    }
    try {
      await provisioning.apply()
    } finally {
      // Also when a later step failed: what the app can sign in with is there by then.
      if (isToDo(envFile) && provisioning.wired.appSecret) await write(flags.envFile, envFile)
      if (isToDo(company)) await company.apply()
    }
    for (const sentence of provisioning.left) say(phrase`Not yet: ${sentence}\n`)
    say(phrase`Done.\n`)
  }
  if ('close' in place) await place.close()
  if (!flags.dryRun || provisioning.byHand) {
    const changed = steps.some(isToDo)
    const isTerminal = process.stdout.isTTY
    const texts = leftByHand(desired, provisioning, { envFile, changed, asked: flags.byHand, isTerminal })
    for (const { text, secret } of texts) {
      // The one secret that somebody has to type elsewhere.
      if (secret) process.stdout.write(`${visibleLines(textIn(text, language))}\n`)
      else say(text)
    }
  }
  if (!flags.dryRun && !provisioning.byHand) {
    say(nextStep(flags, desired))
  }
  return DONE
}

/** A Redis of which only the app knows the way takes no company from here: the file of settings has it. */
function notFromHere(error: unknown) {
  if (!(error instanceof CompaniesError)) throw error
  return {
    name: phrase`Companies`,
    fault: phrase`${error.problem} The app knows this company from SSO_CONNECTORS once it is started anew.`,
  }
}

/** The doctor reads the same file; only `.env` is read without being named. */
function nextStep({ envFile }: Flags, { connector }: Desired): InEachLanguage {
  const args = `--email you@${connector.domains[0]}`
  if (envFile === '.env') return phrase`Next: ${startCommand}, then ${commandLine('doctor', args)}`
  return phrase`Next: start the app with ${envFile}, then ${commandLine('doctor', `--env-file ${envFile} ${args}`)}`
}

async function write(path: string, envFile: EnvStep): Promise<void> {
  report(phrase`writing ${path}`)
  await envFile.apply()
  if (envFile.backup()) say(phrase`The ${path} from before is in ${envFile.backup()}.`)
}

/** An empty variable of the environment counts as not set, and hides none of the file's. */
const set = (env: NodeJS.ProcessEnv) =>
  Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()))

const help = phrase`  → ${commandLine('provision', '--help')} shows what there is`

main().then(
  (status) => {
    process.exitCode = status
  },
  (error) => {
    print(process.stderr, `\n${failureMessage(error, help, '', language)}`)
    process.exitCode = FAILED
  },
)
