import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { freePorts } from '../support/free-ports.ts'
import { signInThroughOkta, UserAgent } from '../support/stack.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const server = join(root, 'dist/demo/server.js')
const elsewhere = mkdtempSync(join(tmpdir(), 'server-test-'))
const running = new Set<ChildProcess>()

afterEach(() => {
  for (const child of running) child.kill('SIGKILL')
  running.clear()
  rmSync(join(elsewhere, '.env'), { recursive: true, force: true })
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
      LOG_FORMAT: 'json',
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
  const [PORT = 0, METRICS_PORT = 0, PORTAL_PORT = 0, SANDBOX_LOGTO_PORT = 0, SANDBOX_OKTA_PORT = 0] =
    await freePorts(5)
  return { PORT, METRICS_PORT, PORTAL_PORT, SANDBOX_LOGTO_PORT, SANDBOX_OKTA_PORT }
}

const answers = (port: number) =>
  fetch(`http://localhost:${port}/`).then(
    () => true,
    () => false,
  )

/** A real tenant, as far as settings tell. */
const tenant = { LOGTO_ENDPOINT: 'http://localhost:2', LOGTO_APP_ID: 'id', LOGTO_APP_SECRET: 'secret' }

/** A Logto whose OpenID Connect answers wait for the test, so that a `/sign-in` is in flight for as long as it likes. */
async function slowLogto() {
  const waiting: ServerResponse[] = []
  const logto = createHttpServer(({ url = '' }, res) => {
    if (url.startsWith('/oidc/')) waiting.push(res)
    else res.writeHead(404).end()
  })
  await once(logto.listen(0, '127.0.0.1'), 'listening')
  const { port } = logto.address() as AddressInfo
  const endpoint = `http://localhost:${port}`
  const settings = {
    LOGTO_ENDPOINT: endpoint,
    LOGTO_APP_ID: 'id',
    LOGTO_APP_SECRET: 'secret',
    LOGTO_TIMEOUT_SECONDS: 30,
  }
  const answer = () => {
    const issuer = `${endpoint}/oidc`
    const urls = ['authorization_endpoint', 'token_endpoint', 'userinfo_endpoint', 'end_session_endpoint']
    const metadata = {
      issuer,
      jwks_uri: `${issuer}/jwks`,
      revocation_endpoint: `${issuer}/token/revocation`,
      id_token_signing_alg_values_supported: ['ES384'],
      ...Object.fromEntries(urls.map((name) => [name, `${issuer}/${name}`])),
    }
    for (const res of waiting.splice(0)) {
      res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(metadata))
    }
  }
  const close = () => logto.close().closeAllConnections()
  return { settings, waiting, answer, close }
}

/** A connection to the app that hears everything. */
async function dial(port: number) {
  const socket = connect(port, 'localhost')
  const heard = { text: '', closed: false }
  socket.on('data', (data) => {
    heard.text += data
  })
  socket.on('error', () => undefined)
  socket.on('close', () => {
    heard.closed = true
  })
  await once(socket, 'connect')
  const send = (head: string) => socket.write(head.replaceAll('\n', '\r\n'))
  return { send, heard }
}

const refusesConnections = (port: number) =>
  dial(port).then(
    () => false,
    () => true,
  )

describe('the process', () => {
  it('server, only ports set, brings a sandbox one can sign in at, measures it, and stops at once', async () => {
    const env = await ports()
    const { child, output, exit, printed } = start(env)
    await printed('Ctrl-C')
    const url = `http://localhost:${env.PORT}`
    const password = /Password of all: (\S+)/.exec(output.stdout)?.[1] ?? ''
    const agent = new UserAgent()
    const { body } = await agent.open(`${url}/`)
    expect(body.split('data-sandbox')[1]).toContain(password)
    expect(body).toContain('/sign-in?login_hint=employee%40acme.example')
    const page = await signInThroughOkta(agent, { url, password })
    expect(page.body).toContain('data-signed-in="true"')
    expect(output.stdout).toContain('employee@acme.example')
    const [invitation = ''] = /http:\S+\/invitation\?key=\S+/.exec(output.stdout) ?? []
    expect(new URL(invitation).port).toBe(String(env.PORTAL_PORT))
    expect((await new UserAgent().open(invitation)).body).toContain('data-stage="choose"')
    const measured = await fetch(`http://localhost:${env.METRICS_PORT}/metrics`)
    expect(await measured.text()).toMatch(/^sso_sign_ins_total(\{.*\})? 1$/m)

    child.kill('SIGINT')
    expect(await exit).toBe(0)
    for (const port of Object.values(env)) expect(await answers(port)).toBe(false)
    expect(output.stderr.replace(/^oidc-provider WARNING: Unsupported runtime.*\n/, '')).toBe('')
    expect(output.stdout.replace(invitation, '')).not.toMatch(/eyJ|code=|state=/)
  })

  it('server, a signal to npm alone, stops the sandbox too', async () => {
    writeFileSync(join(elsewhere, 'package.json'), JSON.stringify({ scripts: { start: `node ${server}` } }))
    const env = await ports()
    const { child, printed } = start(env, ['npm', 'start'])
    await printed('Ctrl-C')
    child.kill('SIGTERM')
    for (const port of Object.values(env)) await expect.poll(() => answers(port)).toBe(false)
  })

  it('server, with a tenant and told where by HOST and BASE_URL, listens there alone and says so', async () => {
    const { PORT, SANDBOX_LOGTO_PORT } = await ports()
    const BASE_URL = `http://localhost:${PORT}`
    const { child, output, exit, printed } = start({
      HOST: '127.0.0.1',
      BASE_URL,
      SANDBOX_LOGTO_PORT,
      ...tenant,
    })
    await printed('listening')
    expect(output.stdout).toContain(`"address":"http://127.0.0.1:${PORT}"`)
    expect((await fetch(`http://127.0.0.1:${PORT}/healthz`)).status).toBe(200)
    await expect(fetch(`http://[::1]:${PORT}/healthz`)).rejects.toThrow()
    expect(await answers(SANDBOX_LOGTO_PORT)).toBe(false)
    child.kill('SIGTERM')
    expect(await exit).toBe(0)
  })

  it('server, .env in UTF-16 and some of it empty in the environment, goes by it', async () => {
    const { PORT } = await ports()
    const lines = Object.entries({ PORT, ...tenant }).map(([name, value]) => `${name}=${value}`)
    writeFileSync(join(elsewhere, '.env'), Buffer.from(`\uFEFF${lines.join('\r\n')}`, 'utf16le'))
    const { output, printed } = start({ LOGTO_ENDPOINT: '', LOGTO_APP_ID: '', LOGTO_APP_SECRET: '' })
    await printed('listening')
    expect(output.stdout).toContain('"logto":"http://localhost:2"')
    expect(await answers(PORT)).toBe(true)
  })

  it.each<[string, (path: string) => void, string]>([
    ['a folder', mkdirSync, '.env cannot be read (EISDIR).'],
    ['a link to nothing', (path) => symlinkSync('nothing', path), '.env cannot be read (ENOENT).'],
    ['no text', (path) => writeFileSync(path, 'PORT=1\0'), '.env is not readable as text.'],
  ])('server, .env that is %s, says so and starts no sandbox', async (_what, make, words) => {
    make(join(elsewhere, '.env'))
    const { output, exit } = start(await ports())
    expect(await exit).toBe(1)
    expect(output.stderr.split('\n')[0]).toBe(words)
    expect(output.stdout).toBe('')
  })

  it('server, a sandbox that others cannot reach, says so at the start', async () => {
    const { output, printed } = start({ ...(await ports()), BASE_URL: 'http://app.example' })
    await printed('listens on this machine only')
    expect(output.stdout).toContain('BASE_URL is http://app.example')
  })

  it.each(['203.0.113.9', 'nowhere.invalid'])(
    'server, HOST %s, says in a line that it is not ours',
    async (HOST) => {
      const { output, exit } = start({ ...(await ports()), ...tenant, HOST })
      expect(await exit).toBe(1)
      expect(output.stderr).toBe(
        `${HOST} is no address of this machine: correct HOST, or leave it out to listen on all.\n`,
      )
    },
  )

  it('server, several settings at fault, prints all of them and never listens', async () => {
    const env = { ...(await ports()), NODE_ENV: 'production', SESSION_SECRET: 'short' }
    const { output, exit } = start(env)
    expect(await exit).toBe(1)
    const missing = [
      'LOGTO_ENDPOINT',
      'LOGTO_APP_ID',
      'LOGTO_APP_SECRET',
      'LOGTO_WEBHOOK_SIGNING_KEY',
      'BASE_URL',
    ]
    for (const name of [...missing, 'SESSION_SECRET']) {
      expect(output.stderr).toContain(`  ${name} `)
    }
    expect(output.stdout).toBe('')
    expect(output.stderr).not.toMatch(/ at .*\.js/)
  })

  it('server, its portal at a port that browsers refuse, names the setting and leaves nothing listening', async () => {
    const { output, exit } = start({ ...(await ports()), PORTAL_PORT: 6000 })
    expect(await exit).toBe(1)
    expect(output.stderr).toContain('  PORTAL_PORT ')
  })

  it.each(['PORT', 'METRICS_PORT', 'PORTAL_PORT', 'SANDBOX_LOGTO_PORT', 'SANDBOX_OKTA_PORT'] as const)(
    'server, %s in use, says so in one line and leaves nothing listening',
    async (name) => {
      const env = await ports()
      const other = createServer((socket) => socket.destroy())
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

describe('the process, told to stop', () => {
  let logto: Awaited<ReturnType<typeof slowLogto>>
  beforeEach(async () => {
    logto = await slowLogto()
  })
  afterEach(() => logto.close())

  /** A server with a request in flight, and what that request hears. */
  async function withRequestInFlight() {
    const { PORT } = await ports()
    const process = start({ PORT, ...logto.settings })
    await process.printed('listening')
    const inFlight = await dial(PORT)
    inFlight.send('GET /sign-in HTTP/1.1\nHost: localhost\n\n')
    await expect.poll(() => logto.waiting).toHaveLength(1)
    return { ...process, PORT, inFlight }
  }

  it('stop, a request in flight, finishes while no new connection is taken', async () => {
    const { child, exit, output, PORT, inFlight } = await withRequestInFlight()
    const idle = await dial(PORT)
    idle.send('GET /readyz HTTP/1.1\nHost: localhost\n\n')
    await expect.poll(() => idle.heard.text).toMatch(/^HTTP\/1\.1 200 /)
    const arriving = await dial(PORT)
    arriving.send('GET /readyz HTTP/1.1\n')
    await expect.poll(async () => (await fetch(`http://localhost:${PORT}/healthz`)).status).toBe(200)

    child.kill('SIGTERM')
    await expect.poll(() => idle.heard.closed).toBe(true)
    await expect.poll(() => refusesConnections(PORT)).toBe(true)
    arriving.send('Host: localhost\n\n')
    await expect.poll(() => arriving.heard.closed).toBe(true)
    expect(arriving.heard.text).toMatch(/^HTTP\/1\.1 503 [\s\S]*\r\nConnection: close\r\n/)
    expect(child.exitCode).toBeNull()

    logto.answer()
    expect(await exit).toBe(0)
    await expect.poll(() => inFlight.heard.closed).toBe(true)
    expect(inFlight.heard.text).toMatch(/^HTTP\/1\.1 303 [\s\S]*\r\nConnection: close\r\n/)
    expect(output.stdout).toMatch(/"path":"\/sign-in".*"status":303/)
    expect(output.stderr).toBe('')
  })

  it('stop, a request that never ends, is cut off after 10 seconds', async () => {
    const { child, exit, output, inFlight } = await withRequestInFlight()
    const started = performance.now()
    child.kill('SIGTERM')
    expect(await exit).toBe(0)
    expect(performance.now() - started).toBeGreaterThan(9_900)
    await expect.poll(() => inFlight.heard.closed).toBe(true)
    expect(inFlight.heard.text).toBe('')
    expect(output.stdout).toContain('"requests":1')
  })

  it('stop, with a time to go on, takes connections and tells each that it leaves', async () => {
    const { PORT } = await ports()
    const { child, exit, output, printed } = start({ PORT, ...logto.settings, DRAIN_SECONDS: 600 })
    await printed('listening')
    const kept = await dial(PORT)
    const readyz = 'GET /readyz HTTP/1.1\nHost: localhost\n\n'
    kept.send(readyz)
    await expect.poll(() => kept.heard.text).toMatch(/^HTTP\/1\.1 200 [\s\S]*\r\nKeep-Alive: timeout=75\r\n/)
    child.kill('SIGHUP')
    await expect.poll(async () => (await fetch(`http://localhost:${PORT}/readyz`)).status).toBe(503)
    const late = await fetch(`http://localhost:${PORT}/healthz`)
    expect([late.status, late.headers.get('connection')]).toEqual([200, 'close'])
    expect(kept.heard.closed).toBe(false)
    kept.send(readyz)
    await expect.poll(() => kept.heard.closed).toBe(true)
    expect(kept.heard.text).toMatch(/HTTP\/1\.1 503 [\s\S]*\r\nConnection: close\r\n/)
    const exitCode = () => {
      child.kill('SIGHUP') // the second one ends it
      return child.exitCode
    }
    await expect.poll(exitCode, { interval: 100 }).toBe(129)
    await exit
    expect(output.stderr).toBe('')
  })

  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
    ['SIGHUP', 129],
  ] as const)('stop, told twice by %s, ends at once', async (signal, code) => {
    const { child, exit, PORT } = await withRequestInFlight()
    const started = performance.now()
    child.kill(signal)
    child.kill(signal) // at the same moment, as npm and the terminal do it, is the same once
    await expect.poll(() => refusesConnections(PORT)).toBe(true)
    expect(child.exitCode).toBeNull()
    await expect
      .poll(
        () => {
          child.kill(signal)
          return child.exitCode
        },
        { interval: 100 },
      )
      .toBe(code)
    await exit
    expect(performance.now() - started).toBeLessThan(9_000)
  })

  it('server, headers longer than Node.js reads, says so in the log and goes on', async () => {
    const { PORT } = await ports()
    const { output, printed } = start({ PORT, ...logto.settings })
    await printed('listening')
    const response = await fetch(`http://localhost:${PORT}/`, { headers: { cookie: 'x'.repeat(20_000) } })
    expect(response.status).toBe(431)
    await printed('HPE_HEADER_OVERFLOW')
    expect((await fetch(`http://localhost:${PORT}/`)).status).toBe(200)
    expect(output.stdout).not.toContain('xxx')
  })
})
