import { joined, type Text } from '../words/phrase.ts'
import { commandLine, isInstalled } from './command-line.ts'
import { makeSecret, phrase, type SettingFault } from './fault.ts'
import { type Environment, givenSettings } from './parse.ts'
import { hasProductionRules, misspeltEnvironment } from './values/environment-name.ts'
import { splitList } from './values/kinds.ts'
import { isLoopback, ownAddress } from './values/own-address.ts'
import { primaryFault } from './values/redis-address.ts'
import { parseWebAddress } from './values/web-address.ts'

const logtoSettings = ['LOGTO_ENDPOINT', 'LOGTO_APP_ID', 'LOGTO_APP_SECRET'] as const
type LogtoSetting = (typeof logtoSettings)[number]

/**
 * Rules that hold across settings, and those that hold in production only.
 *
 * @param given the settings that are set, as written
 */
export function crossFaults(given: Readonly<Record<string, string>>): SettingFault[] {
  const faults: SettingFault[] = []
  const { NODE_ENV = 'development' } = given
  // Which rules a misspelt one means, nobody knows; it is a fault itself.
  const production = hasProductionRules(NODE_ENV) && !misspeltEnvironment(NODE_ENV)
  const missing = logtoSettings.filter((name) => given[name] === undefined)
  if (missing.length > 0 && (production || missing.length < logtoSettings.length)) {
    const problem = production
      ? phrase`is not set, and there is no sandbox in production`
      : phrase`is not set, while others of its group are`
    faults.push(...withoutLogto(problem, { missing, ...(production && { otherwise: '' }) }))
  }
  if (production) faults.push(...productionFaults(given))
  if (given.SESSION_STORE === 'redis' && !given.REDIS_URL) {
    faults.push({
      setting: 'REDIS_URL',
      problem: phrase`is not set, while SESSION_STORE is redis`,
      fix: redisFix,
    })
  }
  if (given.REDIS_SENTINELS && given.SESSION_STORE !== 'memory')
    faults.push(...sentinelFaults(given.REDIS_URL))
  const { BASE_URL, PORT, SANDBOX_LOGTO_PORT = 3001, SANDBOX_OKTA_PORT = 3002 } = given
  const { port } = ownAddress({ BASE_URL, PORT: PORT === undefined ? undefined : Number(PORT) })
  const ports = [port, SANDBOX_LOGTO_PORT, SANDBOX_OKTA_PORT].map(Number)
  if (missing.length === logtoSettings.length && !production && new Set(ports).size < ports.length) {
    faults.push({
      setting: 'PORT, SANDBOX_LOGTO_PORT, SANDBOX_OKTA_PORT',
      problem: phrase`are not three different ports (${ports.join(', ')})`,
      fix: phrase`give each a port of its own`,
    })
  }
  return faults
}

const redisFix = phrase`write the address of Redis or Valkey, such as redis://localhost:6379`

function sentinelFaults(REDIS_URL: string | undefined): SettingFault[] {
  const fault =
    REDIS_URL === undefined
      ? { problem: phrase`is not set, while REDIS_SENTINELS is`, fix: redisFix }
      : primaryFault(REDIS_URL)
  return fault ? [{ setting: 'REDIS_URL', ...fault }] : []
}

const logtoFix: Record<LogtoSetting, Text> = {
  LOGTO_ENDPOINT: phrase`copy "Logto endpoint" from the application's page in the Logto console`,
  LOGTO_APP_ID: phrase`run ${commandLine('provision')}, or copy "App ID" from the application's page in the Logto console`,
  LOGTO_APP_SECRET: phrase`run ${commandLine('provision')}, or copy an app secret from the application's page in the Logto console`,
}

const sandboxInstead = isInstalled
  ? phrase`; or run ${commandLine('sandbox', '--write-env')}, and then ${commandLine('provision')}, for a Logto on this machine`
  : phrase`; or leave out all three to use the sandbox`

/**
 * What is wrong where there is no Logto application to talk to.
 *
 * @param problem why that is a fault
 * @param options.missing the settings that are not set
 * @param options.otherwise what else would fix it
 */
export function withoutLogto(
  problem: Text = phrase`is not set`,
  {
    missing = logtoSettings,
    otherwise = sandboxInstead,
  }: { missing?: readonly LogtoSetting[]; otherwise?: Text } = {},
): SettingFault[] {
  return missing.map((setting) => ({ setting, problem, fix: joined([logtoFix[setting], otherwise], '') }))
}

const minimumSecretLength = 32
const minimumDistinctCharacters = 10

const isGuessable = (secret: string, length: number) =>
  secret.length < length || new Set(secret).size < minimumDistinctCharacters

/** What of the environment, beside the settings, would make production unsafe. */
export function tlsFaults({ NODE_ENV, NODE_TLS_REJECT_UNAUTHORIZED: verified }: Environment): SettingFault[] {
  if (!hasProductionRules(givenSettings({ NODE_ENV }, ['NODE_ENV']).NODE_ENV) || verified !== '0') return []
  return [
    {
      setting: 'NODE_TLS_REJECT_UNAUTHORIZED',
      problem: phrase`is 0; anybody on the way to Logto could pass for it`,
      fix: phrase`take it away, and name an authority of your own with NODE_EXTRA_CA_CERTS=/path/to/ca.pem`,
    },
  ]
}

function productionFaults(given: Readonly<Record<string, string>>): SettingFault[] {
  const faults: SettingFault[] = []
  if (!given.BASE_URL) {
    faults.push({
      setting: 'BASE_URL',
      problem: phrase`is not set`,
      fix: phrase`write the https address people reach the app at, such as https://app.example.com`,
    })
  } else if (parseWebAddress(given.BASE_URL)?.protocol === 'http:') {
    faults.push({
      setting: 'BASE_URL',
      problem: phrase`is an http address; cookies and codes would travel in the clear`,
      fix: phrase`write the https address people reach the app at; TLS may end at a proxy`,
    })
  }
  const endpoint = given.LOGTO_ENDPOINT ? parseWebAddress(given.LOGTO_ENDPOINT) : undefined
  if (endpoint?.protocol === 'http:' && !isLoopback(endpoint.hostname)) {
    faults.push({
      setting: 'LOGTO_ENDPOINT',
      problem: phrase`is an http address; the app secret and tokens would travel in the clear`,
      fix: phrase`write Logto's https address`,
    })
  }
  if (!given.REDIS_URL && !given.SESSION_STORE) {
    faults.push({
      setting: 'REDIS_URL',
      problem: phrase`is not set; sessions in memory end with the process, and a second process knows none of them`,
      fix: phrase`${redisFix}; or write SESSION_STORE=memory if that is what you want`,
    })
  }
  const key = given.LOGTO_WEBHOOK_SIGNING_KEY
  if (!key || (key !== 'none' && isGuessable(key, 16))) {
    faults.push({
      setting: 'LOGTO_WEBHOOK_SIGNING_KEY',
      problem: key
        ? phrase`can be guessed: it is shorter than 16 characters or repeats a few`
        : phrase`is not set; of people who are suspended or deleted in Logto the app would hear nothing`,
      fix: phrase`run ${commandLine('provision')}, or copy "Signing key" from the webhook's page in the Logto console; or write none if Logto is to send no webhooks`,
    })
  }
  if (!given.SESSION_SECRET) {
    faults.push({ setting: 'SESSION_SECRET', problem: phrase`is not set`, fix: makeSecret })
  }
  return [
    ...faults,
    ...guessableFaults('SESSION_SECRET', given),
    ...guessableFaults('COMPANY_HOOK_KEY', given),
  ]
}

function guessableFaults(setting: string, given: Readonly<Record<string, string>>): SettingFault[] {
  return splitList(given[setting] ?? '').flatMap((value, index) =>
    // An empty entry is said already.
    value !== '' && isGuessable(value, minimumSecretLength)
      ? [
          {
            setting,
            problem: phrase`can be guessed: entry ${index + 1} is shorter than ${minimumSecretLength} characters or repeats a few`,
            fix: makeSecret,
          },
        ]
      : [],
  )
}
