import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import dotenv from 'dotenv'
import { describe, expect, it } from 'vitest'
import { parseSettings } from '../../src/settings/parse.ts'
import { wiringSettings } from '../../src/settings/wiring.ts'
import { requestToken, sender } from '../sandbox/management-support.ts'
import { commandOf } from '../support/command-of.ts'
import { freePorts } from '../support/free-ports.ts'
import { processesForTests } from '../support/processes.ts'
import { isProse } from '../support/prose.ts'

const node = commandOf('sandbox')
const processes = processesForTests()

/** The CLI as its own process, and a way to wait until it is ready. */
function start(env: Record<string, string | number>, command = node) {
  const { child, output, exit } = processes.start(command, env)
  const ready = async () => {
    while (!output.stdout.includes('Ctrl-C')) {
      await Promise.race([
        once(child.stdout, 'data'),
        exit.then((code) => {
          throw new Error(`exited with ${code}: ${output.stderr}`)
        }),
      ])
    }
  }
  return { child, output, exit, ready }
}

/** What it says of a fault, without the library's own notice on Node.js 20. */
const said = (stderr: string) => stderr.replace(/^oidc-provider WARNING: Unsupported runtime.*\n/, '')

async function ports() {
  const [SANDBOX_LOGTO_PORT = 0, SANDBOX_OKTA_PORT = 0] = await freePorts(2)
  return { SANDBOX_LOGTO_PORT, SANDBOX_OKTA_PORT }
}

const answers = (port: number) =>
  fetch(`http://localhost:${port}/`).then(
    () => true,
    () => false,
  )

describe('npm run sandbox', () => {
  it('sandbox, started, prints settings that lead to it as they stand', async () => {
    const env = await ports()
    const { child, output, exit, ready } = start(env)
    await ready()
    const block = output.stdout.match(/^[A-Z][A-Z0-9_]*=.*$/gm) ?? []
    const pasted = dotenv.parse(block.join('\n'))
    expect(pasted).toEqual({
      LOGTO_ENDPOINT: `http://localhost:${env.SANDBOX_LOGTO_PORT}`,
      LOGTO_M2M_APP_ID: expect.stringMatching(/^\w{21}$/),
      LOGTO_M2M_APP_SECRET: expect.stringMatching(/^\w{32}$/),
      OKTA_ORG_URL: `http://localhost:${env.SANDBOX_OKTA_PORT}`,
      OKTA_API_TOKEN: expect.stringMatching(/^00\w{40}$/),
      OKTA_GROUP: 'Staff',
      SSO_CONNECTOR_NAME: 'Okta Acme',
      SSO_EMAIL_DOMAINS: 'acme.example',
      API_RESOURCE: 'https://notes.acme.example',
    })
    expect(parseSettings(wiringSettings, pasted).SSO_EMAIL_DOMAINS).toEqual(['acme.example'])

    const { LOGTO_ENDPOINT: endpoint = '', OKTA_ORG_URL: orgUrl, OKTA_API_TOKEN: token } = pasted
    const { body } = await requestToken({
      endpoint,
      managementApi: 'https://default.logto.app/api',
      appId: pasted.LOGTO_M2M_APP_ID ?? '',
      appSecret: pasted.LOGTO_M2M_APP_SECRET ?? '',
    })
    const logto = sender(`${endpoint}/api`, `Bearer ${body.access_token}`)
    expect((await logto('GET', '/applications')).body).toHaveLength(1)
    const okta = sender(`${orgUrl}/api/v1`, `SSWS ${token}`)
    expect((await okta('GET', `/groups?q=${pasted.OKTA_GROUP}`)).body).toHaveLength(1)

    for (const words of ['employee@acme.example', 'Password of all: ', 'npm run provision', 'npm start']) {
      expect(output.stdout).toContain(words)
    }
    expect(output.stdout).toContain(`Control room:    ${endpoint}/`)
    child.kill('SIGINT')
    expect(await exit).toBe(0)
    for (const port of Object.values(env)) expect(await answers(port)).toBe(false)
    expect(said(output.stderr)).toBe('')
  })

  it('sandbox, told to write .env, puts its settings there and leaves the others', async () => {
    writeFileSync(join(processes.place.folder, '.env'), '# mine\nPORT=4567\nOKTA_GROUP=Everyone\n')
    const { child, output, exit } = start(await ports(), [...node, '--write-env'])
    await expect.poll(() => output.stdout).toMatch(/\.env\.\S+\.backup/)
    const text = readFileSync(join(processes.place.folder, '.env'), 'utf8')
    expect(text).toMatch(/^# mine\nPORT=4567\nOKTA_GROUP=Staff\n/)
    const printed = dotenv.parse((output.stdout.match(/^[A-Z][A-Z0-9_]*=.*$/gm) ?? []).join('\n'))
    expect(dotenv.parse(text)).toEqual({ PORT: '4567', ...printed })
    child.kill('SIGTERM')
    expect(await exit).toBe(0)
  })

  it('sandbox, in Japanese, has no English sentence in what it prints; told by SIGTERM, it stops', async () => {
    const { child, output, exit, ready } = start({ ...(await ports()), LC_ALL: 'ja_JP.UTF-8' })
    await ready()
    expect(output.stdout.split('\n').filter(isProse)).toEqual([])
    child.kill('SIGTERM')
    expect(await exit).toBe(0)
  })

  it('sandbox, a signal to npm alone, stops too', async () => {
    writeFileSync(
      join(processes.place.folder, 'package.json'),
      JSON.stringify({ scripts: { sandbox: node.join(' ') } }),
    )
    const env = await ports()
    const { child, ready } = start(env, ['npm', 'run', 'sandbox'])
    await ready()
    child.kill('SIGTERM')
    for (const port of Object.values(env)) await expect.poll(() => answers(port)).toBe(false)
  })

  it('ports, written in .env, are used', async () => {
    const env = await ports()
    const lines = Object.entries(env).map(([name, port]) => `${name}=${port}\n`)
    writeFileSync(join(processes.place.folder, '.env'), lines.join(''))
    const { output, ready } = start({})
    await ready()
    for (const port of Object.values(env)) expect(output.stdout).toContain(`http://localhost:${port}`)
  })

  it.each([
    ['in production', { NODE_ENV: 'production' }, 'does not start with NODE_ENV=production'],
    ['with a port that is none', { SANDBOX_OKTA_PORT: 'okta' }, '  SANDBOX_OKTA_PORT is not a port'],
  ])('sandbox, started %s, says so and does not listen', async (_what, change, words) => {
    const env = { ...(await ports()), ...change }
    const { output, exit } = start(env)
    expect(await exit).toBe(1)
    expect(output.stderr).toContain(words)
    expect(output.stderr).not.toMatch(/ at .*\.ts/)
    expect(output.stdout).toBe('')
  })

  it.each(['SANDBOX_LOGTO_PORT', 'SANDBOX_OKTA_PORT'] as const)(
    'sandbox, %s in use, says so in one line and leaves nothing listening',
    async (name) => {
      const env = await ports()
      const other = createServer()
      await once(other.listen(env[name]), 'listening')
      try {
        const { output, exit } = start(env)
        expect(await exit).toBe(1)
        expect(said(output.stderr).trim().split('\n')).toEqual([
          expect.stringContaining(`Port ${env[name]} is in use`),
        ])
        expect(output.stdout).toBe('')
      } finally {
        await new Promise((resolve) => other.close(resolve))
      }
    },
  )

  it.each(['--help', '-h'])('sandbox, with %s, prints its usage and ends', async (flag) => {
    const { output, exit } = start({ NODE_ENV: 'production' }, [...node, flag])
    expect(await exit).toBe(0)
    expect(output.stdout).toContain('Usage: npm run sandbox')
    expect(output.stderr).toBe('')
  })

  it.each(['--port', 'blank'])(
    'sandbox, with the argument “%s”, says that there is none',
    async (argument) => {
      const { output, exit } = start(await ports(), [...node, argument])
      expect(await exit).toBe(1)
      expect(output.stderr).toContain(argument)
      expect(output.stderr).toContain('Usage: npm run sandbox')
      expect(output.stdout).toBe('')
    },
  )
})
