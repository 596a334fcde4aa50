import { makeSecret, type SettingFault } from './fault.ts'
import { parseWebAddress, splitList } from './kinds.ts'

const logtoSettings = ['LOGTO_ENDPOINT', 'LOGTO_APP_ID', 'LOGTO_APP_SECRET'] as const
type LogtoSetting = (typeof logtoSettings)[number]

/**
 * Rules that hold across settings, and those that hold in production only.
 *
 * @param given the settings that are set, as written
 */
export function crossFaults(given: Readonly<Record<string, string>>): SettingFault[] {
  const faults: SettingFault[] = []
  const production = given.NODE_ENV === 'production'
  const missing = logtoSettings.filter((name) => given[name] === undefined)
  if (missing.length > 0 && (production || missing.length < logtoSettings.length)) {
    const problem = production
      ? 'is not set, and there is no sandbox in production'
      : 'is not set, while others of its group are'
    const otherwise = production ? '' : '; or leave out all three to use the sandbox'
    faults.push(...withoutLogto(problem, { missing, otherwise }))
  }
  if (production) faults.push(...productionFaults(given))
  if (given.SESSION_STORE === 'redis' && !given.REDIS_URL) {
    faults.push({
      setting: 'REDIS_URL',
      problem: 'is not set, while SESSION_STORE is redis',
      mend: redisMend,
    })
  }
  const { PORT = 3000, SANDBOX_LOGTO_PORT = 3001, SANDBOX_OKTA_PORT = 3002 } = given
  const ports = [PORT, SANDBOX_LOGTO_PORT, SANDBOX_OKTA_PORT].map(Number)
  if (missing.length === logtoSettings.length && !production && new Set(ports).size < ports.length) {
    faults.push({
      setting: 'PORT, SANDBOX_LOGTO_PORT, SANDBOX_OKTA_PORT',
      problem: `are not three different ports (${ports.join(', ')})`,
      mend: 'give each a port of its own',
    })
  }
  return faults
}

const redisMend = 'write the address of Redis or Valkey, such as redis://localhost:6379'

const logtoMend: Record<LogtoSetting, string> = {
  LOGTO_ENDPOINT: 'copy "Logto endpoint" from the application\'s page in the Logto console',
  LOGTO_APP_ID: 'run npm run provision, or copy "App ID" from the application\'s page in the Logto console',
  LOGTO_APP_SECRET:
    "run npm run provision, or copy an app secret from the application's page in the Logto console",
}

/**
 * What is wrong where there is no Logto application to talk to.
 *
 * @param problem why that is a fault
 * @param options.missing the settings that are not set
 * @param options.otherwise what else would mend it
 */
export function withoutLogto(
  problem: string,
  { missing = logtoSettings, otherwise = '' }: { missing?: readonly LogtoSetting[]; otherwise?: string } = {},
): SettingFault[] {
  return missing.map((setting) => ({ setting, problem, mend: logtoMend[setting] + otherwise }))
}

const minimumSecretLength = 32
const minimumDistinctCharacters = 10

function productionFaults(given: Readonly<Record<string, string>>): SettingFault[] {
  const faults: SettingFault[] = []
  if (!given.BASE_URL) {
    faults.push({
      setting: 'BASE_URL',
      problem: 'is not set',
      mend: 'write the https address people reach the app at, such as https://app.example.com',
    })
  } else if (parseWebAddress(given.BASE_URL)?.protocol === 'http:') {
    faults.push({
      setting: 'BASE_URL',
      problem: 'is an http address; cookies and codes would travel in the clear',
      mend: 'write the https address people reach the app at; TLS may end at a proxy',
    })
  }
  const endpoint = given.LOGTO_ENDPOINT ? parseWebAddress(given.LOGTO_ENDPOINT) : undefined
  if (endpoint?.protocol === 'http:' && !isLoopback(endpoint.hostname)) {
    faults.push({
      setting: 'LOGTO_ENDPOINT',
      problem: 'is an http address; the app secret and tokens would travel in the clear',
      mend: "write Logto's https address",
    })
  }
  if (!given.REDIS_URL && !given.SESSION_STORE) {
    faults.push({
      setting: 'REDIS_URL',
      problem: 'is not set; sessions in memory end with the process, and a second process knows none of them',
      mend: `${redisMend}; or write SESSION_STORE=memory if that is what you want`,
    })
  }
  if (!given.SESSION_SECRET) {
    faults.push({ setting: 'SESSION_SECRET', problem: 'is not set', mend: makeSecret })
  }
  for (const [index, value] of splitList(given.SESSION_SECRET ?? '').entries()) {
    if (value === '') continue // said already
    if (value.length >= minimumSecretLength && new Set(value).size >= minimumDistinctCharacters) continue
    faults.push({
      setting: 'SESSION_SECRET',
      problem: `can be guessed: entry ${index + 1} is shorter than ${minimumSecretLength} characters or repeats a few`,
      mend: makeSecret,
    })
  }
  return faults
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\./.test(hostname)
}
