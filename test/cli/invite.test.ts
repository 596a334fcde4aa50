import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BlankSandbox, startBlankSandbox } from '../../src/sandbox/index.ts'
import { freePorts } from '../support/free-ports.ts'
import { UserAgent } from '../support/user-agent.ts'

const command = (name: string) => fileURLToPath(new URL(`../../dist/cli/${name}.js`, import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'invite-'))
let sandbox: BlankSandbox
let env: Record<string, string>
beforeAll(async () => {
  sandbox = await startBlankSandbox({ logtoPort: 0, oktaPort: 0 })
  const [port] = await freePorts(1)
  env = {
    ...{ PATH: process.env.PATH ?? '', LOG_FORMAT: 'json', PORTAL_BASE_URL: `http://localhost:${port}` },
    ...{ LOGTO_ENDPOINT: sandbox.logto.endpoint, LOGTO_M2M_APP_ID: sandbox.logto.appId },
    ...{
      LOGTO_M2M_APP_SECRET: sandbox.logto.appSecret,
      PORTAL_SECRET: 'a-secret-of-the-test-0123456789-abcdef',
    },
  }
})
afterAll(async () => {
  await sandbox.close()
  rmSync(folder, { recursive: true })
})

const invite = async (...args: string[]) => {
  const run = promisify(execFile)(process.execPath, [command('invite'), ...args], { cwd: folder, env })
  return run.then(
    ({ stdout }) => ({ status: 0, said: stdout }),
    ({ code, stderr }) => ({ status: code, said: stderr }),
  )
}

describe('the commands invite and portal', () => {
  it('invitation, printed, opens at the portal, is listed, and is revoked', async () => {
    const portal = spawn(process.execPath, [command('portal')], { cwd: folder, env })
    let log = ''
    portal.stdout.on('data', (data) => {
      log += data
    })
    const exit = once(portal, 'exit')
    const { said } = await invite('--company', 'Globex', '--domains', 'globex.example', '--days', '3')
    const [link = ''] = /^http\S+$/m.exec(said) ?? []
    while (!log.includes('listening')) await Promise.race([once(portal.stdout, 'data'), exit])
    expect((await fetch(`${env.PORTAL_BASE_URL}/healthz`)).status).toBe(200)
    const browser = new UserAgent()
    expect((await browser.open(link)).body).toContain('data-stage="choose"')
    expect((await invite('--list')).said).toContain('Globex  globex.example')
    expect(await invite('--company', 'Other', '--domains', 'globex.example')).toMatchObject({ status: 1 })
    expect((await invite('--revoke', 'Globex')).status).toBe(0)
    expect((await browser.open(link)).status).toBe(410)
    portal.kill('SIGTERM')
    expect(await exit).toEqual([0, null])
    expect(log).not.toContain(link.slice(-40))
  })

  it.each([
    ['nothing to do', []],
    ['two things at once', ['--list', '--revoke', 'x']],
    ['a time that is none', ['--company', 'x', '--domains', 'x.example', '--days', '0']],
    ['an option that is none', ['--nonsense']],
  ])('invite, with %s, says how it is used', async (_what, args) => {
    const { status, said } = await invite(...args)
    expect([status, said.includes('Usage:')]).toEqual([2, true])
  })
})
