import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'dotenv'
import { afterEach, beforeEach, expect } from 'vitest'
import type { BlankSandbox } from '../../src/sandbox/index.ts'
import { commandOf } from '../support/command-of.ts'
import { expectNoSecret } from './support.ts'

const command = commandOf('provision')

export interface Ran {
  status: number | null
  stdout: string
  stderr: string
}

export interface Cli {
  /** The folder it runs in, empty at first. */
  folder: string
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
  const running = new Set<ChildProcess>()
  const tool = {} as Cli
  const env = () => join(tool.folder, '.env')

  async function finish([file = '', ...args]: string[], environment: Record<string, string>, keys?: string) {
    const child = spawn(file, args, {
      cwd: tool.folder,
      env: { PATH: process.env.PATH, ...environment },
      stdio: [keys === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    })
    running.add(child)
    const ran: Ran = { status: null, stdout: '', stderr: '' }
    child.stdout?.on('data', (data) => {
      const before = ran.stdout
      ran.stdout += data
      const asks = (text: string) => text.includes('Go ahead? [y/N] ')
      if (keys !== undefined && asks(ran.stdout) && !asks(before)) child.stdin?.write(keys)
    })
    child.stderr?.on('data', (data) => {
      ran.stderr += data
    })
    const [status] = (await once(child, 'close')) as [number | null]
    running.delete(child)
    expectNoSecret(context.sandbox, ran.stdout + ran.stderr)
    const sessionSecret = tool.hasEnv() ? tool.readEnv().SESSION_SECRET : undefined
    if (sessionSecret) expect(ran.stdout + ran.stderr).not.toContain(sessionSecret)
    return { ...ran, status }
  }

  tool.run = (args, environment = {}) => finish([...command, ...args], environment)
  tool.runAtTerminal = (keys, args) => {
    const line = [...command, ...args].map((word) => `'${word}'`).join(' ')
    return finish(['script', '-qec', line, '/dev/null'], {}, keys)
  }
  tool.writeEnv = (settings) => {
    const given = Object.entries(settings).filter(([, value]) => value !== undefined)
    writeFileSync(env(), given.map(([name, value]) => `${name}=${value}\n`).join(''))
  }
  tool.readEnv = () => parse(readFileSync(env(), 'utf8'))
  tool.hasEnv = () => existsSync(env()) && statSync(env()).isFile()

  beforeEach(() => {
    tool.folder = mkdtempSync(join(tmpdir(), 'provision-test-'))
  })
  afterEach(() => {
    for (const child of running) child.kill('SIGKILL')
    running.clear()
    rmSync(tool.folder, { recursive: true })
  })
  return tool
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
