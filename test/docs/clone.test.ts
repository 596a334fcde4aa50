import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'dotenv'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { freePorts } from '../support/free-ports.ts'
import { fileIn, root } from '../support/readmes.ts'
import { Shell } from '../support/shell.ts'
import { signInThroughOkta, UserAgent } from '../support/stack.ts'

const folder = mkdtempSync(join(tmpdir(), 'clone-'))
const clone = join(folder, 'clone')
const [app = 0, logto = 0, okta = 0, portal = 0] = await freePorts(4)
const url = `http://localhost:${app}`
const ports = {
  ...{ PORT: String(app), PORTAL_PORT: String(portal) },
  ...{ SANDBOX_LOGTO_PORT: String(logto), SANDBOX_OKTA_PORT: String(okta) },
}
const shell = new Shell(clone, ports)

/** A command as it is with the ports of this test. */
const here = (command: string) =>
  command.replace('localhost:3000', `localhost:${app}`).replace('localhost:3001', `localhost:${logto}`)

/** Copies what is checked in, or would be: what somebody has who clones it. */
function makeClone(): void {
  const list = ['ls-files', '-co', '--exclude-standard']
  const files = execFileSync('git', list, { cwd: root, encoding: 'utf8' }).split('\n')
  for (const file of files.filter((name) => name && existsSync(join(root, name)))) {
    cpSync(join(root, file), join(clone, file))
  }
}

const passwordIn = (text: string) => /Password of all: (\S+)/.exec(text)?.[1] ?? ''

/** Signs the sandbox's employee in, who comes to a page of the app. @returns the page's text */
async function signedIn(password: string, path: string): Promise<string> {
  const page = await signInThroughOkta(
    new UserAgent(),
    { url, password },
    { path: `/sign-in?return_to=${path}` },
  )
  expect(page.url).toBe(url + path)
  return page.body
}

afterEach(async () => {
  await shell.close()
  shell.folder = clone
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('a fresh clone, by the commands of the READMEs', () => {
  it('run it: somebody signs in, and a script calls the API', async () => {
    makeClone()
    await shell.run('npm ci')
    const { output, stop } = await shell.start('npm start', 'Ctrl-C')
    expect(await signedIn(passwordIn(output.text), '/api/me')).toContain('employee@acme.example')
    const [, script = ''] = /Script that may read \S+: (\S+)/.exec(output.text) ?? []
    const token = String.raw`TOKEN=$(curl -s -u '<ID>:<secret>' http://localhost:3001/oidc/token -d grant_type=client_credentials \
  -d resource=https://notes.acme.example -d scope=read:notes | sed 's/.*"access_token":"\([^"]*\)".*/\1/')`
    const call = 'curl -i -H "Authorization: Bearer $TOKEN" http://localhost:3000/api/notes'
    const answer = await shell.run(`${here(token).replace('<ID>:<secret>', script)}\n${here(call)}`)
    expect(answer).toContain('HTTP/1.1 200 OK')
    await stop()
  }, 600_000)

  it('work on it: what writes and formats', async () => {
    const [example, addresses] = [join(clone, '.env.example'), join(clone, 'src/sso/addresses.ts')]
    const before = readFileSync(example, 'utf8')
    appendFileSync(example, 'LEFT_OVER=\n')
    appendFileSync(addresses, '  // not formatted\n')
    await shell.run('npm run docs')
    await shell.run('npm run format')
    expect(readFileSync(example, 'utf8')).toBe(before)
    expect(readFileSync(addresses, 'utf8')).toMatch(/\n\/\/ not formatted\n$/)
  }, 600_000)

  it('your own tenants: provision, start, doctor', async () => {
    const sandbox = await shell.start('npm run sandbox -- --write-env', 'Ctrl-C')
    expect(await shell.run('npm run provision -- --help')).toContain('--yes')
    // There is nobody at this terminal who could be asked.
    await shell.run('npm run provision -- --yes')
    expect(parse(readFileSync(join(clone, '.env')))).toHaveProperty('LOGTO_APP_SECRET')
    const { stop } = await shell.start('npm start', 'listening')
    // Okta verifies the address of its event hook now that somebody answers there.
    await shell.run('npm run provision -- --yes')
    const doctor = 'npm run doctor -- --email somebody@acme.com'
    await shell.run(doctor.replace('somebody@acme.com', 'employee@acme.example'))
    await signedIn(passwordIn(sandbox.output.text), '/profile')

    appendFileSync(join(clone, '.env'), 'PORTAL_SECRET=a-secret-of-the-test-0123456789-abcdef\n')
    const site = await shell.start('npm run portal', 'listening')
    const invited = await shell.run('npm run invite -- --company "Globex" --domains globex.com')
    const [link = ''] = /^http\S+$/m.exec(invited) ?? []
    expect((await new UserAgent().open(link)).status).toBe(200)
    expect(await shell.run('npm run invite -- --list')).toContain('globex.com')
    await shell.run('npm run invite -- --revoke "Globex"')
    await site.stop()
    expect(await shell.run('npm run companies')).toContain('Okta Acme')
    const removal = 'npm run companies -- --remove "Globex"'
    await shell.run(`${removal.replace('Globex', 'Okta Acme')} --yes`)
    await stop()
    await sandbox.stop()
    await (await shell.start('npm run sandbox', 'Ctrl-C')).stop()
  }, 600_000)

  it('your own app: install, sandbox, provision, start, doctor', async () => {
    await shell.run('npm pack')
    const host = join(folder, 'host')
    mkdirSync(host)
    writeFileSync(join(host, 'package.json'), '{ "type": "module" }')
    writeFileSync(join(host, 'app.js'), fileIn('README.md', 'app.ts'))
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    shell.folder = host
    const install = 'npm install express-logto-sso express pino'
    await shell.run(install.replace('express-logto-sso', join(clone, `express-logto-sso-${version}.tgz`)))
    const [missing = ''] = /npm install -D .*/.exec(await shell.run('npx sandbox 2>&1 || true')) ?? []
    await shell.run(missing)
    const sandbox = await shell.start('npx sandbox --write-env', 'Ctrl-C')
    await shell.run('npx provision --yes')
    const { stop } = await shell.start('node --env-file=.env app.js', () => fetch(url))
    await shell.run('npx provision --yes')
    await shell.run('npx doctor --email employee@acme.example')
    expect(await shell.run('npx companies')).toContain('Okta Acme')
    const secret = { PORTAL_SECRET: 'a-secret-of-the-test-0123456789-abcdef' }
    await (await shell.start('npx portal', 'listening', secret)).stop()
    expect(await signedIn(passwordIn(sandbox.output.text), '/reports')).toContain('reportsOf')
    await stop()
  }, 600_000)

  it('in production: it answers without a compiler', async () => {
    await shell.run('npm run build')
    await shell.run('npm prune --omit=dev --omit=optional')
    expect(existsSync(join(clone, 'node_modules/typescript'))).toBe(false)
    const settings = {
      BASE_URL: 'https://app.example.com',
      SESSION_SECRET: 'a-secret-of-the-test-0123456789-abcdef',
      SESSION_STORE: 'memory',
      LOGTO_WEBHOOK_SIGNING_KEY: 'a-key-of-the-test-0123456789',
      LOGTO_ENDPOINT: 'http://localhost:2',
      LOGTO_APP_ID: 'id',
      LOGTO_APP_SECRET: 'secret',
    }
    await shell.start('NODE_ENV=production node dist/demo/server.js', 'listening', settings)
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
  }, 600_000)
})
