#!/usr/bin/env -S node --
import { lookup } from 'node:dns/promises'
import { parseArgs } from 'node:util'
import { CompaniesError, companiesNow, openPlace } from '../companies/index.ts'
import type { Result } from '../doctor/check.ts'
import { examine } from '../doctor/examine.ts'
import { commandLine } from '../settings/command-line.ts'
import { type EnterpriseConnector, loadConfig } from '../settings/config.ts'
import { loadEnvFile } from '../settings/env-file/load-env-file.ts'
import { visible } from '../settings/visible.ts'
import { comma, type InEachLanguage, joined } from '../words/phrase.ts'
import { commandLanguage, languageOption } from './options/language.ts'
import { readArgs } from './options/option-faults.ts'
import { phrase } from './phrase.ts'
import { offerRemoval } from './remove-company.ts'
import { failureMessage } from './startup-error.ts'
import { progressOn } from './terminal/progress.ts'
import { sayIn } from './terminal/say.ts'

const usage = phrase`Usage: ${commandLine('companies', '[options]')}

Lists the companies whose people sign in through their own identity provider,
with what the doctor says of each.

  --remove <name>     remove a company, by its name, its link or its connector's
                      ID: the sessions of its people end in every process of
                      the app, without a restart. Logto keeps what it has of the
                      company
  --with-connector    also delete its connector at Logto; its organization stays
  --no-check          list only, without the doctor
  --yes, -y           do not ask
  --env-file <path>   where settings are read from (default: .env)
  --language en|ja    the language of the output (default: the locale's)
  --help, -h          show this

Exit status: 0 done; 1 an error, something broken, or declined.
`

const flags = {
  ...languageOption,
  remove: { type: 'string' },
  'with-connector': { type: 'boolean' },
  'no-check': { type: 'boolean' },
  yes: { type: 'boolean', short: 'y' },
  'env-file': { type: 'string', default: '.env' },
  help: { type: 'boolean', short: 'h' },
} as const

const language = commandLanguage()
const say = sayIn(language)

async function main(): Promise<number> {
  const given = readArgs(() => parseArgs({ options: flags }).values)
  if (given.help) {
    process.stdout.write(usage[language])
    return 0
  }
  loadEnvFile(given['env-file'])
  const config = loadConfig(process.env)
  const place = await openPlace(config)
  try {
    const { all, passedOver } = await companiesNow(place, config.connectors)
    for (const fault of passedOver) say(phrase`Passed over: ${fault}`)
    if (given.remove === undefined) return await list(all, given)
    return await offerRemoval(companyOf(all, given.remove), { config, place, given, language })
  } finally {
    await place.close()
  }
}

type Given = { 'no-check'?: boolean; 'env-file': string }

async function list(all: readonly EnterpriseConnector[], given: Given): Promise<number> {
  if (all.length === 0) say(phrase`There are no companies yet: ${commandLine('provision')} connects one.`)
  const progress = progressOn(process.stderr)
  let isWell = true
  for (const company of all) {
    const said = given['no-check'] ? undefined : await verdict(company, all, given, progress.show)
    progress.end()
    isWell &&= !said?.isBroken
    const shown = visible(inWords(company)[language])
    say(said ? joined([shown, said.line], '\n    ') : phrase`${shown}`)
  }
  return isWell ? 0 : 1
}

const inWords = ({ name, id, provider = 'Okta', domains, slug, ...more }: EnterpriseConnector) =>
  joined(
    [
      `${name} (${provider})`,
      domains.length > 0 ? joined(domains, comma) : phrase`no domains`,
      more.organizationId ? phrase`organization ${more.organizationId}` : phrase`no organization`,
      phrase`connector ${id}`,
      `/sign-in/${slug}`,
      ...(more.secretEndsOn ? [phrase`its secret ends on ${more.secretEndsOn}`] : []),
    ],
    ' · ',
  )

/** What the doctor says of a company's way in, in one line; it asks nothing about its people. */
async function verdict(
  company: EnterpriseConnector,
  companies: readonly EnterpriseConnector[],
  given: Given,
  onProgress: (title: string) => void,
): Promise<{ line: InEachLanguage; isBroken?: true }> {
  const [domain] = company.domains
  if (!domain) return { line: phrase`not looked at: it has no domains, and so nobody comes to it by email` }
  const results = await examine(process.env, {
    ...{ fetch: globalThis.fetch, now: Date.now, companies, envFile: given['env-file'] },
    lookup: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
    // Any address of the company leads to its connector. Nobody has this one.
    email: `doctor@${domain}`,
    language,
    onProgress: (title) => onProgress(`${company.name}: ${title}`),
  })
  const ofCompany = results.filter(({ id }) => !id.startsWith('person-'))
  const worst = (status: Result['status']) => ofCompany.find((result) => result.status === status)
  const [broken, unknown] = [worst('broken'), worst('unknown')]
  if (broken) return { line: phrase`broken: ${lineOf(broken)}`, isBroken: true }
  return { line: unknown ? phrase`not everything could be checked: ${lineOf(unknown)}` : phrase`well` }
}

const lineOf = ({ title, answer }: Result) => `${title}: ${answer}`.replaceAll(/\s*\n\s*/g, '; ')

function companyOf(all: readonly EnterpriseConnector[], said: string): EnterpriseConnector {
  const found = all.find(({ id, slug, name }) => [id, slug, name].includes(said))
  if (found) return found
  throw new CompaniesError(
    phrase`There is no company “${said}”.`,
    all.length > 0
      ? phrase`Name one of these: ${joined(
          all.map(({ name }) => name),
          comma,
        )}`
      : phrase`${commandLine('provision')} connects one.`,
  )
}

main().then(
  (status) => {
    process.exitCode = status
  },
  (error) => {
    process.stderr.write(`${failureMessage(error, usage, 'PORT', language)}\n`)
    process.exitCode = 1
  },
)
