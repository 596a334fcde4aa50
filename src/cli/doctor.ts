#!/usr/bin/env -S node --
import { lookup } from 'node:dns/promises'
import { companiesNow, openPlace } from '../companies/index.ts'
import type { Status } from '../doctor/check.ts'
import { examine } from '../doctor/examine.ts'
import { jsonReport } from '../doctor/json-report.ts'
import { textReport } from '../doctor/text-report.ts'
import { loadConfig } from '../settings/config.ts'
import { loadEnvFile } from '../settings/env-file/load-env-file.ts'
import { readOptions, usage } from './options/doctor-options.ts'
import { askedLanguage, localeLanguage } from './options/language.ts'
import { UsageError } from './options/option-faults.ts'
import { failureMessage } from './startup-error.ts'
import { progressOn } from './terminal/progress.ts'

const well = 0
const broken = 1
const wrongUse = 2
/** Nothing was found broken, and not everything could be checked. */
const unknown = 3

const args = process.argv.slice(2)
const asked = askedLanguage(args)
const language = asked ?? localeLanguage(process.env)

async function main(): Promise<number> {
  const { email, envFile, json, help } = readOptions(args)
  if (help) {
    process.stdout.write(usage[language])
    return well
  }
  loadEnvFile(envFile)
  const companies = await companiesOfApp().catch(() => undefined) // the checks say what is wrong
  const progress = progressOn(process.stderr)
  const results = await examine(process.env, {
    fetch: globalThis.fetch,
    now: Date.now,
    lookup: async (hostname) => (await lookup(hostname, { all: true })).map(({ address }) => address),
    ...(companies && { companies }),
    email,
    envFile,
    // Programs read one language, whoever runs them.
    language: json ? (asked ?? 'en') : language,
    onProgress: progress.show,
  }).finally(progress.end)
  const colours = process.stdout.isTTY && !process.env.NO_COLOR
  process.stdout.write(json ? jsonReport(results) : textReport(results, { colours, language }))
  const some = (status: Status) => results.some((result) => result.status === status)
  return some('broken') ? broken : some('unknown') ? unknown : well
}

async function companiesOfApp() {
  const { connectors, ...config } = loadConfig(process.env)
  const place = await openPlace(config)
  return (await companiesNow(place, connectors).finally(place.close)).all
}

main().then(
  (status) => {
    process.exitCode = status
  },
  (error) => {
    process.stderr.write(`${failureMessage(error, usage, 'PORT', language)}\n`)
    process.exitCode = error instanceof UsageError ? wrongUse : broken
  },
)
