import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Sandbox, startSandbox } from '../src/sandbox/index.ts'
import { freePorts } from './support/free-ports.ts'
import { fileIn, read, root } from './support/readmes.ts'
import { signInThroughOkta, UserAgent } from './support/stack.ts'

const { devDependencies: dev, peerDependencies: peers } = JSON.parse(read('package.json'))
const at = (name: string) => `${name}@${dev[name] ?? ''}`

const folder = mkdtempSync(join(tmpdir(), 'packed-'))
const run = (command: string, args: string[], cwd: string) =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

/** A folder with what every host has installed. */
const installed = join(folder, 'installed')
const npmInstall = ['install', '--no-audit', '--no-fund', '--prefer-offline', '--silent']

/** Packs the package, and installs it with Express into an empty folder; beside it, what a TypeScript host has. */
beforeAll(() => {
  mkdirSync(installed)
  writeFileSync(join(installed, 'package.json'), '{}')
  run('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], root)
  const { version } = JSON.parse(read('package.json'))
  const tarball = join(folder, `express-logto-sso-${version}.tgz`)
  run('npm', [...npmInstall, tarball, 'express@5'], installed)
}, 300_000)
afterAll(() => rmSync(folder, { recursive: true }))

/** The bytes of all files in a folder. */
const bytesOf = (path: string) =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0)

/** A host's folder. @param files by name */
function host(name: string, type: string, files: Record<string, string>): string {
  const path = join(folder, name)
  cpSync(installed, path, { recursive: true })
  const manifest = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'))
  writeFileSync(join(path, 'package.json'), JSON.stringify({ ...manifest, type }))
  for (const [file, text] of Object.entries(files)) writeFileSync(join(path, file), text)
  return path
}

interface Running {
  url: string
  sandbox: Sandbox
  printed: () => string
  /** Exit code and signal. */
  ended: () => [number | null, NodeJS.Signals | null]
  stop: () => Promise<void>
}

/** Starts a host with a sandbox beside it. */
async function start(cwd: string, file: string): Promise<Running> {
  const [port = 0] = await freePorts(1)
  const url = `http://localhost:${port}`
  const sandbox = await startSandbox({ appUrl: url, logtoPort: 0, oktaPort: 0 })
  const { logto, webhookKey, connectors } = sandbox
  const env = {
    PATH: process.env.PATH ?? '',
    PORT: String(port),
    BASE_URL: url,
    LOGTO_ENDPOINT: logto.endpoint,
    LOGTO_APP_ID: logto.appId,
    LOGTO_APP_SECRET: logto.appSecret,
    LOGTO_WEBHOOK_SIGNING_KEY: webhookKey,
    SSO_CONNECTORS: JSON.stringify(
      connectors.map(({ id, name, issuer, domains }) => ({ id, name, issuer, domains })),
    ),
  }
  const child: ChildProcess = spawn(process.execPath, [file], { cwd, env, stdio: 'pipe' })
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => (printed += data))
  const ended = once(child, 'exit').then(() => {
    throw new Error(`the host ended: ${printed}`)
  })
  ended.catch(() => {})
  await Promise.race([vi.waitFor(() => fetch(url), { timeout: 60_000 }), ended])
  return {
    url,
    sandbox,
    printed: () => printed,
    ended: () => [child.exitCode, child.signalCode],
    async stop() {
      const gone = child.exitCode === null && once(child, 'exit')
      child.kill()
      await gone
      await sandbox.close()
    },
  }
}

/** A stranger signs in through Okta, is back where they wanted to, and out after signing out; a script is refused. */
async function journey({ url, sandbox, printed }: Running): Promise<void> {
  const refused = await fetch(`${url}/reports`, { headers: { 'sec-fetch-dest': 'empty' } })
  expect(refused.status).toBe(401)
  expect(await refused.json()).toMatchObject({ error: { code: 'not_signed_in' } })

  const agent = new UserAgent()
  const page = await signInThroughOkta(agent, { url, password: sandbox.password }, { path: '/reports' })
  expect(page.url).toBe(`${url}/reports`)
  expect(JSON.parse(page.body)).toEqual({ reportsOf: expect.stringMatching(/\w/) })
  expect(page.headers.get('cache-control')).toBe('private, no-store')

  const { next } = JSON.parse((await agent.open(`${url}/`)).body) as { next: string }
  expect(next).toBe(`${url}/sign-out`)
  await agent.open(next)
  const home = await agent.submit({ logout: 'yes' })
  expect(home.url).toBe(`${url}/`)
  expect(JSON.parse(home.body)).toEqual({ person: null, next: `${url}/sign-in` })

  const error = await agent.open(`${url}/callback?state=x`, { accept: 'text/html' })
  expect(error.status).toBe(400)
  const [, style = ''] = /href="([^"]+style\.css[^"]*)"/.exec(error.body) ?? []
  expect((await fetch(new URL(style, url))).headers.get('content-type')).toMatch(/^text\/css/)

  expect(printed()).toContain('signed_in')
  expect(printed()).not.toMatch(/eyJ|code=|state=/)
  expect(printed()).not.toContain(sandbox.logto.appSecret)
}

describe('the package, installed from its tarball', () => {
  it('installation, in a host, has no compiler and at most 60 packages and 20 MiB beside Express’s own', () => {
    const { packages } = JSON.parse(readFileSync(join(installed, 'node_modules/.package-lock.json'), 'utf8'))
    const bare = join(folder, 'bare')
    mkdirSync(bare)
    writeFileSync(join(bare, 'package.json'), '{}')
    run('npm', [...npmInstall, 'express@5'], bare)
    const own = JSON.parse(readFileSync(join(bare, 'node_modules/.package-lock.json'), 'utf8')).packages
    const added = Object.keys(packages).filter((name) => !(name in own))
    expect(added.filter((name) => /typescript|esbuild|oidc-provider|@okta/.test(name))).toEqual([])
    expect(added.length).toBeLessThanOrEqual(60)
    expect(bytesOf(installed) - bytesOf(bare)).toBeLessThan(20 * 2 ** 20)
  })

  it('host, in JavaScript with ES modules, signs people in and out', async () => {
    const javascript = fileIn('README.md', 'app.ts').replace(
      'app.listen(config.port)',
      'serve(app, sso, config)',
    )
    const files = {
      'app.js': `import { serve } from './serve.js'\n${javascript}`,
      'serve.js': fileIn('src/cli/README.md', 'serve.js'),
    }
    const running = await start(host('esm', 'module', files), 'app.js')
    await journey(running)
      .then(async () => expect((await fetch(`${running.url}/readyz`)).status).toBe(200))
      .finally(running.stop)
    expect(running.ended()).toEqual([0, null])
  })

  it('host, in CommonJS, signs people in and out', async () => {
    const running = await start(
      host('cjs', 'commonjs', { 'app.cjs': fileIn('src/sso/README.md', 'app.cjs') }),
      'app.cjs',
    )
    await journey(running).finally(running.stop)
  })

  it('host, in TypeScript, with sessions and types of its own, compiles without skipLibCheck and signs people in', async () => {
    const own = `import 'express-session'
import type { Request } from 'express'
export type * as doctor from 'express-logto-sso/doctor'
export type * as portal from 'express-logto-sso/portal'
export type * as provision from 'express-logto-sso/provision'
export type * as sandbox from 'express-logto-sso/sandbox'
declare module 'express-session' { interface SessionData { visits: number } }
export const visits = (req: Request): number => req.session.visits ?? 0
`
    const path = host('ts', 'module', {
      'app.ts': fileIn('README.md', 'app.ts'),
      'own.ts': own,
      'app.test.ts': fileIn('src/testing/README.md', 'app.test.ts'),
      'tsconfig.json': JSON.stringify({
        compilerOptions: {
          target: 'es2023',
          module: 'nodenext',
          types: ['node'],
          strict: true,
          exactOptionalPropertyTypes: true,
          skipLibCheck: false,
          outDir: 'dist',
          rootDir: '.',
        },
      }),
    })
    const types = ['@types/node', '@types/express', '@types/express-session', '@types/supertest', 'supertest']
    run('npm', [...npmInstall, '-D', at('typescript'), ...types.map(at), 'express-session@1'], path)
    try {
      run('npx', ['tsc'], path)
    } catch (error) {
      throw new Error((error as { stdout: string }).stdout)
    }
    const running = await start(path, 'dist/app.js')
    await journey(running).finally(running.stop)
    expect(run(process.execPath, ['dist/app.test.js'], path)).toBe(
      'reports of Erin Moore\nreports of Kenji\n',
    )
  })

  it('entry points and commands, whose packages are not installed, say in one line which to install', () => {
    const management = ['@logto/api', '@okta/okta-sdk-nodejs', '@xmldom/xmldom']
    const line = (part: string, option: string, names: readonly string[]) =>
      `express-logto-sso/${part} needs packages that are not installed: npm install ${option}${names
        .map((name) => `"${name}@${peers[name]}"`)
        .join(' ')}\n`
    const said = {
      provision: line('provision', '-D ', management),
      portal: line('portal', '', ['@logto/api', '@xmldom/xmldom']),
      sandbox: line('sandbox', '-D ', [...management, 'oidc-provider', 'samlify']),
    }
    const uses = {
      provision: 'planProvisioning({})',
      portal: 'createPortal({}, {})',
      sandbox: "startSandbox({ appUrl: 'http://localhost' })",
    }
    for (const part of ['provision', 'portal', 'sandbox'] as const) {
      const use = `part.${uses[part]}.catch(({ message }) => console.log(message))`
      const esm = `import * as part from 'express-logto-sso/${part}'\n${use}`
      const cjs = `const part = require('express-logto-sso/${part}')\n${use}`
      expect(run(process.execPath, ['--input-type=module', '-e', esm], installed)).toBe(said[part])
      expect(run(process.execPath, ['--input-type=commonjs', '-e', cjs], installed)).toBe(said[part])
    }
    const command = (name: string, options: string[]) =>
      spawnSync(join(installed, 'node_modules/.bin', name), options, { cwd: installed, encoding: 'utf8' })
    expect(command('sandbox', [])).toMatchObject({ status: 1, stdout: '', stderr: said.sandbox })
    for (const name of ['provision', 'portal', 'invite', 'doctor', 'companies', 'sandbox']) {
      expect(command(name, ['--help'])).toMatchObject({ status: 0, stderr: '' })
    }
  })

  it('sandbox, once these packages are there, starts', () => {
    const path = host('with-peers', 'module', {})
    for (const name of [
      '@logto/api',
      '@okta/okta-sdk-nodejs',
      '@xmldom/xmldom',
      'oidc-provider',
      'samlify',
    ]) {
      const link = join(path, 'node_modules', name)
      mkdirSync(dirname(link), { recursive: true })
      symlinkSync(join(root, 'node_modules', name), link)
    }
    const start = `import { startSandbox } from 'express-logto-sso/sandbox'
const { close, ...sandbox } = await startSandbox({ appUrl: 'http://localhost', logtoPort: 0, oktaPort: 0 })
await close()
console.log(sandbox.okta.issuer)`
    expect(run(process.execPath, ['--input-type=module', '-e', start], path)).toMatch(/^http:/m)
  })
})
