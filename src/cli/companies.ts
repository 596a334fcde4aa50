import { lookup } from 'node:dns/promises'
import { parseArgs } from 'node:util'
import { CompaniesError, companiesNow, openPlace, type Place, removeCompany } from '../companies/index.ts'
import type { Result } from '../doctor/check.ts'
import { examine } from '../doctor/examine.ts'
import { throughProxy } from '../http-client/through-proxy.ts'
import { managementApiOf } from '../provision/desired.ts'
import { managementFetch } from '../provision/patient-fetch.ts'
import { commandLine } from '../settings/command-line.ts'
import { type Config, type EnterpriseConnector, loadConfig } from '../settings/config.ts'
import { loadEnvFile } from '../settings/env-file/load-env-file.ts'
import { visible, visibleLines } from '../settings/visible.ts'
import { progressOn } from './doctor-progress.ts'
import { isWanted } from './go-ahead.ts'
import { readArgs } from './options/option-faults.ts'
import { failureMessage } from './startup-error.ts'

const USAGE = `Usage: ${commandLine('companies', '[options]')}

Lists the companies whose people sign in through their own identity provider,
with what the doctor says of each.

  --remove <name>     take a company away, by its name, its link or its
                      connector's ID: the sessions of its people end, in every
                      process of the app and without a restart. What Logto has
                      of it stays
  --with-connector    delete its connector at Logto too; its organization stays
  --no-check          list only, and ask nobody
  --yes, -y           do not ask
  --env-file <path>   where settings are read from (default: .env)
  --help, -h          show this

Exit status: 0 done; 1 an error, something broken, or declined.
`

const flags = {
  remove: { type: 'string' },
  'with-connector': { type: 'boolean' },
  'no-check': { type: 'boolean' },
  yes: { type: 'boolean', short: 'y' },
  'env-file': { type: 'string', default: '.env' },
  help: { type: 'boolean', short: 'h' },
} as const

const say = (text: string) => process.stdout.write(`${visibleLines(text)}\n`)

async function main(): Promise<number> {
  const given = readArgs(() => parseArgs({ options: flags }).values)
  if (given.help) {
    process.stdout.write(USAGE)
    return 0
  }
  loadEnvFile(given['env-file'])
  const config = loadConfig(process.env)
  const place = await openPlace(config)
  try {
    const { all, passedOver } = await companiesNow(place, config.connectors)
    for (const fault of passedOver) say(`Passed over: ${fault}`)
    if (given.remove === undefined) return await list(all, given)
    return await remove(companyOf(all, given.remove), { config, place, given })
  } finally {
    await place.close()
  }
}

type Given = { 'with-connector'?: boolean; 'no-check'?: boolean; yes?: boolean; 'env-file': string }

async function list(all: readonly EnterpriseConnector[], given: Given): Promise<number> {
  if (all.length === 0) say(`There are no companies yet: ${commandLine('provision')} connects one.`)
  const progress = progressOn(process.stderr)
  let isWell = true
  for (const company of all) {
    const line = given['no-check'] ? '' : await verdict(company, all, given, progress.show)
    progress.end()
    isWell &&= !line.startsWith('broken')
    say(`${inWords(company)}${line && `\n    ${line}`}`)
  }
  return isWell ? 0 : 1
}

const inWords = ({ name, id, provider = 'Okta', domains, organizationId, slug }: EnterpriseConnector) =>
  visible(
    [
      `${name} (${provider})`,
      domains.join(', ') || 'no domains',
      organizationId ? `organization ${organizationId}` : 'no organization',
      `connector ${id}`,
      `/sign-in/${slug}`,
    ].join(' · '),
  )

/** What the doctor says of a company's way in, in one line. Of its people it asks nothing. */
async function verdict(
  company: EnterpriseConnector,
  companies: readonly EnterpriseConnector[],
  given: Given,
  onProgress: (title: string) => void,
): Promise<string> {
  const [domain] = company.domains
  if (!domain) return 'not looked at: it has no domains, and so nobody comes to it by email'
  const results = await examine(process.env, {
    ...{ fetch: globalThis.fetch, now: Date.now, companies, envFile: given['env-file'] },
    lookup: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
    // Any address of the company leads to its connector. Nobody has this one.
    email: `doctor@${domain}`,
    onProgress: (title) => onProgress(`${company.name}: ${title}`),
  })
  const ofCompany = results.filter(({ id }) => !id.startsWith('person-'))
  const worst = (status: Result['status']) => ofCompany.find((result) => result.status === status)
  const [broken, unknown] = [worst('broken'), worst('unknown')]
  if (broken) return `broken: ${lineOf(broken)}`
  return unknown ? `not everything could be checked: ${lineOf(unknown)}` : 'well'
}

const lineOf = ({ title, answer }: Result) => `${title}: ${answer}`.replaceAll(/\s*\n\s*/g, '; ')

function companyOf(all: readonly EnterpriseConnector[], said: string): EnterpriseConnector {
  const found = all.find(({ id, slug, name }) => [id, slug, name].includes(said))
  if (found) return found
  throw new CompaniesError(
    `There is no company “${said}”.`,
    `Name one of these: ${all.map(({ name }) => name).join(', ') || 'there is none'}`,
  )
}

interface Removal {
  config: Config
  place: Place
  given: Given
}

async function remove(company: EnterpriseConnector, { config, place, given }: Removal): Promise<number> {
  const { id, organizationId } = company
  const name = visible(company.name)
  const logto = given['with-connector'] ? await managementOf(config) : undefined
  say(`Plan

  - remove  ${place.name}: company “${name}”
              the sessions of its people end; its link and its domains lead there no more
  ${logto ? '- delete' : '= leave '}  Logto: enterprise connector “${name}” (${id})${
    logto ? '' : '\n              its people can sign in at Logto with an address of its domains as before'
  }${organizationId ? `\n  = leave   Logto: organization ${organizationId}` : ''}
`)
  if (!given.yes && !(await isWanted())) {
    say('Nothing was changed.')
    return 1
  }
  await removeCompany(place, id)
  await logto?.deleteConnector(id)
  say('Done. Each process of the app knows it within five seconds.')
  return 0
}

async function managementOf({ logto, proxyFor }: Config) {
  const { LOGTO_M2M_APP_ID: appId, LOGTO_M2M_APP_SECRET: appSecret, LOGTO_MANAGEMENT_API } = process.env
  if (!logto || !appId || !appSecret) {
    const fix =
      'Set LOGTO_ENDPOINT, LOGTO_M2M_APP_ID and LOGTO_M2M_APP_SECRET, or leave out --with-connector.'
    throw new CompaniesError('Nobody may delete a connector at Logto with these settings.', fix)
  }
  // What it needs comes with the development dependencies, and nothing else here does.
  const { managementClient } = await import('../provision/logto/api/management.ts')
  const managementApi = LOGTO_MANAGEMENT_API || managementApiOf(logto.endpoint)
  return managementClient(
    { endpoint: logto.endpoint, managementApi, appId, appSecret },
    managementFetch({ send: throughProxy(fetch, proxyFor) }),
  )
}

main().then(
  (status) => {
    process.exitCode = status
  },
  (error) => {
    process.stderr.write(`${failureMessage(error, USAGE, 'PORT')}\n`)
    process.exitCode = 1
  },
)
