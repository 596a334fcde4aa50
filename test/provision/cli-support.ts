import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'dotenv'
import { expect } from 'vitest'
import type { BlankSandbox } from '../../src/sandbox/index.ts'
import { commandOf } from '../support/command-of.ts'
import { processesForTests } from '../support/processes.ts'
import { expectNoSecret } from './support.ts'

const command = commandOf('provision')

export interface Ran {
  status: number | null
  stdout: string
  stderr: string
}

export interface Cli {
  /** The folder it runs in, empty at first. */
  readonly folder: string
  /** Runs it to its end, in an environment of nothing but this. */
  run: (args: string[], env?: Record<string, string>) => Promise<Ran>
  /** The same at a terminal; `keys` are typed when it asks. */
  runAtTerminal: (keys: string, args: string[]) => Promise<Ran>
  writeEnv: (settings: Record<string, string | undefined>) => void
  readEnv: () => Record<string, string>
  hasEnv: () => boolean
}

/** The command as its own process, each test in a folder of its own. */
export function cliForTests(context: { sandbox: BlankSandbox }): Cli {
  const { place, start } = processesForTests()
  const env = () => join(place.folder, '.env')
  const hasEnv = () => existsSync(env()) && statSync(env()).isFile()
  const readEnv = () => parse(readFileSync(env(), 'utf8'))

  async function finish(words: string[], environment: Record<string, string>, keys?: string): Promise<Ran> {
    const { child, output, exit } = start(words, environment, keys !== undefined)
    let isAsked = false
    child.stdout.on('data', () => {
      if (isAsked || keys === undefined) return
      isAsked = output.stdout.includes('Go ahead? [y/N] ')
      if (isAsked) child.stdin.write(keys)
    })
    const status = await exit
    const { stdout, stderr } = output
    expectNoSecret(context.sandbox, stdout + stderr)
    const sessionSecret = hasEnv() ? readEnv().SESSION_SECRET : undefined
    if (sessionSecret) expect(stdout + stderr).not.toContain(sessionSecret)
    return { status, stdout, stderr }
  }

  return {
    get folder() {
      return place.folder
    },
    hasEnv,
    readEnv,
    run: (args, environment = {}) => finish([...command, ...args], environment),
    runAtTerminal(keys, args) {
      const line = [...command, ...args].map((word) => `'${word}'`).join(' ')
      return finish(['script', '-qec', line, '/dev/null'], {}, keys)
    },
    writeEnv(settings) {
      const given = Object.entries(settings).filter(([, value]) => value !== undefined)
      writeFileSync(env(), given.map(([name, value]) => `${name}=${value}\n`).join(''))
    },
  }
}

/** The settings of a first run against a sandbox. */
export const settingsFor = ({ logto, okta, domain, group }: BlankSandbox) => ({
  LOGTO_ENDPOINT: logto.endpoint,
  LOGTO_M2M_APP_ID: logto.appId,
  LOGTO_M2M_APP_SECRET: logto.appSecret,
  SSO_CONNECTOR_NAME: 'Acme',
  SSO_EMAIL_DOMAINS: domain,
  OKTA_ORG_URL: okta.orgUrl,
  OKTA_API_TOKEN: okta.apiToken,
  OKTA_GROUP: group,
})
