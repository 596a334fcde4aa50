import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { builtinModules } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Sandbox, startSandbox } from '../src/sandbox/index.ts'
import { freePorts } from './support/free-ports.ts'
import { signInThroughOkta, UserAgent } from './support/stack.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const [, section = ''] =
  /^## Take it into your app\n([\s\S]*?)^## /m.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? []

/** The section's blocks of one language, in their order. */
const blocks = (language: string) =>
  [...section.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    ([, text = '']) => text,
  )
const [copying = '', installing = '', building = ''] = blocks('sh')

/** Packages of `npm install`, as name and major version; `-D` for those of the build. */
const installed = [...installing.replaceAll('\\\n', ' ').matchAll(/^npm install (-D )?(.*)$/gm)].flatMap(
  ([, isForBuild, names = '']) =>
    names
      .trim()
      .split(/\s+/)
      .map((each) => /^(?<name>@?[^@]+)@(?<major>\d+)$/.exec(each)?.groups ?? { name: each, major: '?' })
      .map(({ name = '', major = '' }) => ({ name, major, isForBuild: isForBuild !== undefined })),
)

const app = mkdtempSync(join(tmpdir(), 'your-app-'))
const bash = (script: string, cwd: string) =>
  execFileSync('bash', ['-euc', script], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

let url: string
let sandbox: Sandbox
let child: ChildProcess | undefined
let printed = ''

/** Does what the README says, in an empty folder, and nothing else. */
beforeAll(async () => {
  bash(copying.replace('APP=../your-app', `APP=${app}`), root)
  writeFileSync(join(app, 'package.json'), '{ "type": "module" }')
  // In place of the registry: what is installed here, and of that what the README names.
  for (const { name } of installed) {
    mkdirSync(dirname(join(app, 'node_modules', name)), { recursive: true })
    symlinkSync(join(root, 'node_modules', name), join(app, 'node_modules', name))
  }
  mkdirSync(join(app, 'node_modules/.bin'))
  symlinkSync('../typescript/bin/tsc', join(app, 'node_modules/.bin/tsc'))
  for (const block of [...blocks('ts'), ...blocks('jsonc')]) {
    const [, name = ''] = /^\/\/ (\S+)\n/.exec(block) ?? []
    writeFileSync(join(app, name), block)
  }

  const [port = 0] = await freePorts(1)
  url = `http://localhost:${port}`
  sandbox = await startSandbox({ appUrl: url, logtoPort: 0, oktaPort: 0 })
  const { logto, webhookKey, connectors } = sandbox
  const settings = {
    PORT: port,
    BASE_URL: url,
    LOGTO_ENDPOINT: logto.endpoint,
    LOGTO_APP_ID: logto.appId,
    LOGTO_APP_SECRET: logto.appSecret,
    LOGTO_WEBHOOK_SIGNING_KEY: webhookKey,
    SSO_CONNECTORS: JSON.stringify(
      connectors.map(({ id, name, issuer, domains }) => ({ id, name, issuer, domains })),
    ),
  }
  const env = Object.entries(settings).map(([name, value]) => `${name}='${value}'\n`)
  writeFileSync(join(app, '.env'), env.join(''))

  const [start = '', ...others] = building.trim().split('\n').reverse()
  bash(others.reverse().join('\n'), app)
  child = spawn('bash', ['-c', `exec ${start}`], { cwd: app, env: { PATH: process.env.PATH }, stdio: 'pipe' })
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => (printed += data))
  const ended = once(child, 'exit').then(() => {
    throw new Error(`your app ended: ${printed}`)
  })
  ended.catch(() => {})
  await Promise.race([vi.waitFor(() => fetch(url), { timeout: 60_000 }), ended])
}, 180_000)

afterAll(async () => {
  if (child?.exitCode === null) {
    const gone = once(child, 'exit')
    child.kill()
    await gone
  }
  await sandbox?.close()
  rmSync(app, { recursive: true })
})

const okta = () => ({ url, password: sandbox.password })
const next = async (who: UserAgent) => JSON.parse((await who.open(`${url}/`)).body) as { next: string }
const reports = async (who: UserAgent) => (await who.request(`${url}/reports`)).status

describe('an app made of the README’s words', () => {
  it('packages, those to install, are those that the copied files import', () => {
    const files = [
      'app.ts',
      ...readdirSync(join(app, 'sso/src'), { recursive: true, encoding: 'utf8' }).map(
        (name) => `sso/src/${name}`,
      ),
    ]
    const imported = files
      .filter((name) => name.endsWith('.ts'))
      .flatMap((name) => [
        ...readFileSync(join(app, name), 'utf8').matchAll(/(?:from|import) '([^.'][^']*)'/g),
      ])
      .map(([, name = '']) => name)
      .filter((name) => !name.startsWith('node:') && !builtinModules.includes(name))
      .map((name) => name.split('/', name.startsWith('@') ? 2 : 1).join('/'))
    const named = installed.filter(({ isForBuild }) => !isForBuild).map(({ name }) => name)
    expect(named).toEqual([...new Set(imported)].toSorted())
  })

  it('packages, their versions, are those that are tested here', () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    for (const { name, major, isForBuild } of installed) {
      const version = (isForBuild ? devDependencies : dependencies)[name]
      expect(version, name).toMatch(new RegExp(`^[\\^~]?${major}\\.`))
    }
    const types = installed.filter(({ isForBuild }) => isForBuild).map(({ name }) => name)
    const needed = installed.map(({ name }) => `@types/${name}`).filter((name) => name in devDependencies)
    expect(types.toSorted()).toEqual(['typescript', '@types/node', ...needed].toSorted())
  })

  it('files, copied, are none of the sandbox and of the commands', () => {
    const all = readdirSync(join(app, 'sso'), { recursive: true, encoding: 'utf8' })
    expect(all.filter((name) => /sandbox|provision|doctor|server\.ts/.test(name))).toEqual([])
  })

  it('stranger, going to the guarded page, signs in through Okta and is back on it', async () => {
    const agent = new UserAgent()
    const page = await signInThroughOkta(agent, okta(), { path: '/reports' })
    expect(page.url).toBe(`${url}/reports`)
    expect(page.hops[0]).toContain(sandbox.okta.issuer)
    expect(JSON.parse(page.body)).toEqual({ reportsOf: expect.stringMatching(/\w/) })
    expect(page.headers.get('cache-control')).toBe('private, no-store')
  })

  it('stranger, a script’s fetch, gets a 401 in JSON', async () => {
    const response = await fetch(`${url}/reports`, { headers: { 'sec-fetch-dest': 'empty' } })
    expect(response.status).toBe(401)
    expect(await response.json()).toEqual({
      error: { code: 'not_signed_in', message: expect.any(String), reference: expect.any(String) },
    })
  })

  it('somebody signed in, signing out, is a stranger again', async () => {
    const agent = new UserAgent()
    await signInThroughOkta(agent, okta())
    const { next: signOut } = await next(agent)
    expect(signOut).toBe(`${url}/sign-out`)
    await agent.open(signOut)
    const home = await agent.submit({ logout: 'yes' })
    // Logto gives the `state` of the sign-out back (OpenID Connect RP-Initiated Logout 1.0 §2).
    expect(home.url).toMatch(new RegExp(`^${url}/(\\?state=[\\w-]+)?$`))
    expect(JSON.parse(home.body)).toEqual({ person: null, next: `${url}/sign-in` })
  })

  it('somebody signed in, logged out by Logto or suspended there, is out', async () => {
    const { control } = sandbox
    for (const end of [
      async () => {
        const sids = control.sessions().flatMap(({ applications }) => applications.map(({ sid }) => sid))
        for (const sid of sids) await control.backchannelLogout({ sid })
      },
      () => control.suspend('employee@acme.example'),
    ]) {
      const agent = new UserAgent()
      await signInThroughOkta(agent, okta())
      expect(await reports(agent)).toBe(200)
      await end()
      expect(await reports(agent)).toBe(303)
    }
    await control.unsuspend('employee@acme.example')
  })

  it.each([
    ['en', 'Please sign in again.'],
    ['ja', 'もう一度サインイン'],
  ])('error, a callback nobody began, in %s, is our page with its style', async (language, words) => {
    const agent = new UserAgent()
    const page = await agent.open(`${url}/callback?state=x`, { 'accept-language': language })
    expect(page.status).toBe(400)
    expect(page.text).toContain(words)
    const [, style = ''] = /href="([^"]+style\.css[^"]*)"/.exec(page.body) ?? []
    expect((await fetch(new URL(style, url))).headers.get('content-type')).toMatch(/^text\/css/)
  })

  it('sign-out, begun by another site, asks first', async () => {
    const agent = new UserAgent()
    await signInThroughOkta(agent, okta())
    const page = await agent.open(`${url}/sign-out`, { 'sec-fetch-site': 'cross-site' })
    expect(page.text).toContain('Sign out?')
    expect(await reports(agent)).toBe(200)
  })

  it('log, of all this, holds lines of the app and no token, code or secret', () => {
    expect(printed).toContain('"audit":"signed_in"')
    expect(printed).not.toMatch(/eyJ|code=|state=/)
    expect(printed).not.toContain(sandbox.logto.appSecret)
  })
})
