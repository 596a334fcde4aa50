import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { freePorts } from './support/free-ports.ts'
import { signInThroughOkta, UserAgent } from './support/stack.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const server = join(root, 'dist/server.js')
const elsewhere = mkdtempSync(join(tmpdir(), 'server-test-'))
const running = new Set<ChildProcess>()

beforeAll(() => {
  execFileSync('npm', ['run', '-s', 'build'], { cwd: root })
})
afterEach(() => {
  for (const child of running) child.kill('SIGKILL')
  running.clear()
})
afterAll(() => rmSync(elsewhere, { recursive: true }))

/** The built server as its own process, in a folder without `.env` and in an environment of nothing but this. */
function start(
  env: Record<string, string | number>,
  [command, ...args]: [string, ...string[]] = [process.execPath, server],
) {
  const child = spawn(command, args, {
    cwd: elsewhere,
    env: {
      PATH: process.env.PATH,
      ...Object.fromEntries(Object.entries(env).map(([k, v]) => [k, String(v)])),
    },
  })
  running.add(child)
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', (data) => {
    output.stdout += data
  })
  child.stderr.on('data', (data) => {
    output.stderr += data
  })
  const exit = once(child, 'exit').then(([code]) => code as number | null)
  const printed = async (words: string) => {
    while (!output.stdout.includes(words)) {
      await Promise.race([
        once(child.stdout, 'data'),
        exit.then((code) => {
          throw new Error(`exited with ${code}: ${output.stderr}`)
        }),
      ])
    }
  }
  return { child, output, exit, printed }
}

async function ports() {
  const [PORT = 0, SANDBOX_LOGTO_PORT = 0, SANDBOX_OKTA_PORT = 0] = await freePorts(3)
  return { PORT, SANDBOX_LOGTO_PORT, SANDBOX_OKTA_PORT }
}

const answers = (port: number) =>
  fetch(`http://localhost:${port}/`).then(
    () => true,
    () => false,
  )

describe('the process', () => {
  it('server, nothing set, brings a sandbox one can sign in at and stops at once', async () => {
    const env = await ports()
    const { child, output, exit, printed } = start(env)
    await printed('Ctrl-C')
    const url = `http://localhost:${env.PORT}`
    const password = /Password of all: (\S+)/.exec(output.stdout)?.[1] ?? ''
    const agent = new UserAgent()
    const page = await signInThroughOkta(agent, { url, password })
    expect(page.text).toContain('You are signed in')
    expect(output.stdout).toContain('employee@acme.example')

    child.kill('SIGINT')
    expect(await exit).toBe(0)
    for (const port of Object.values(env)) expect(await answers(port)).toBe(false)
    expect(output.stderr.replace(/^oidc-provider WARNING: Unsupported runtime.*\n/, '')).toBe('')
    expect(output.stdout).not.toMatch(/eyJ|code=|state=/)
  })

  it('server, a signal to npm alone, stops the sandbox too', async () => {
    writeFileSync(join(elsewhere, 'package.json'), JSON.stringify({ scripts: { start: `node ${server}` } }))
    const env = await ports()
    const { child, printed } = start(env, ['npm', 'start'])
    await printed('Ctrl-C')
    child.kill('SIGTERM')
    for (const port of Object.values(env)) await expect.poll(() => answers(port)).toBe(false)
  })

  it('server, real tenant set, starts no sandbox', async () => {
    const env = await ports()
    const logto = { LOGTO_ENDPOINT: 'http://localhost:9', LOGTO_APP_ID: 'id', LOGTO_APP_SECRET: 'secret' }
    const { child, exit, printed } = start({ ...env, ...logto })
    await printed('listening')
    expect(await answers(env.PORT)).toBe(true)
    expect(await answers(env.SANDBOX_LOGTO_PORT)).toBe(false)
    child.kill('SIGTERM')
    expect(await exit).toBe(0)
  })

  it('server, several settings at fault, prints all of them and never listens', async () => {
    const env = { ...(await ports()), NODE_ENV: 'production', SESSION_SECRET: 'short' }
    const { output, exit } = start(env)
    expect(await exit).toBe(1)
    for (const name of ['LOGTO_ENDPOINT', 'LOGTO_APP_ID', 'LOGTO_APP_SECRET', 'BASE_URL', 'SESSION_SECRET']) {
      expect(output.stderr).toContain(`  ${name} `)
    }
    expect(output.stdout).toBe('')
    expect(output.stderr).not.toMatch(/ at .*\.js/)
  })

  it.each(['PORT', 'SANDBOX_LOGTO_PORT', 'SANDBOX_OKTA_PORT'] as const)(
    'server, %s in use, says so in one line and leaves nothing listening',
    async (name) => {
      const env = await ports()
      const other = createServer()
      await once(other.listen(env[name]), 'listening')
      try {
        const { output, exit } = start(env)
        expect(await exit).toBe(1)
        const lines = output.stderr
          .trim()
          .split('\n')
          .filter((line) => !line.includes('Unsupported runtime'))
        expect(lines).toEqual([expect.stringContaining(`Port ${env[name]} is in use`)])
        expect(output.stdout).toBe('')
      } finally {
        await new Promise((resolve) => other.close(resolve))
      }
    },
  )
})
