import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Result } from '../../src/doctor/check.ts'
import { House, resultOf } from '../doctor/house.ts'
import { commandOf } from '../support/command-of.ts'
import { processesForTests } from '../support/processes.ts'

const { place, run } = processesForTests()
let house: House | undefined
afterEach(async () => {
  await house?.close()
  house = undefined
})

const doctor = (args: string[], env: Record<string, string | undefined> = {}, imports: string[] = []) =>
  run([...commandOf('doctor', imports), ...args], env)

/** A module that makes a package look as if it were not installed. */
function hiding(name: string): string {
  const module = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`
  return module(`import Module from 'node:module'
    const resolve = Module._resolveFilename
    Module._resolveFilename = (specifier, ...others) => {
      if (!specifier.startsWith('${name}')) return resolve(specifier, ...others)
      throw Object.assign(new Error('not installed'), { code: 'MODULE_NOT_FOUND' })
    }`)
}

describe('npm run doctor', () => {
  it('doctor, a chain where all is well, says so and exits with 0', async () => {
    house = await House.open()
    house.startApp()
    const { status, stdout, stderr } = await doctor(['--email', 'employee@acme.example'], house.settings)
    expect(stdout).toContain('Nothing is broken.')
    expect(stdout).toMatch(/^ok {7}.* \(email-domain\): /m)
    expect(stdout).not.toContain('\u001b')
    expect(stderr).toBe('')
    expect(status).toBe(0)
  })

  it('doctor, settings in .env with one wrong, names it and exits with 1', async () => {
    house = await House.open()
    house.settings.LOGTO_APP_SECRET = 'wrong-secret-0123456789abcdef'
    house.startApp()
    const lines = Object.entries(house.settings).map(([name, value]) => `${name}=${value}`)
    writeFileSync(join(place.folder, '.env'), lines.join('\n'))
    const { status, stdout } = await doctor(['--json'])
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, broken: ['app-secret'] })
    expect(stdout).not.toContain('wrong-secret-0123456789abcdef')
    expect(status).toBe(1)
  })

  it('doctor, management credentials without the development dependencies, does what can be done', async () => {
    house = await House.open()
    house.startApp()
    const hidden = hiding('@logto/api')
    const { status, stdout } = await doctor(['--json'], { ...house.settings, ...house.management }, [hidden])
    const { results } = JSON.parse(stdout) as { results: Result[] }
    expect(resultOf(results, 'management')).toMatchObject({
      status: 'skipped',
      because: 'express-logto-sso/doctor needs packages that are not installed: npm ci',
    })
    expect(resultOf(results, 'okta-scopes').status).toBe('ok')
    expect(status).toBe(0)
  })

  it('doctor, a link that cannot be judged, says so and exits with 3', async () => {
    house = await House.open()
    Object.assign(house.sandbox.tenant.signInExperience, { signInMode: 'SomethingNew' })
    house.startApp()
    const { status, stdout } = await doctor([], house.settings)
    expect(stdout).toContain('Not everything could be checked: sign-in-mode.')
    expect(stdout).not.toContain('Nothing is broken')
    expect(status).toBe(3)
  })

  it('doctor, no settings, says there is nothing to examine and exits with 1', async () => {
    const { status, stdout } = await doctor([])
    expect(stdout).toContain('There is nothing to examine yet')
    expect(stdout).toContain('because of settings')
    expect(status).toBe(1)
  })

  it('doctor, another file of settings, reads it, or says that it is not there', async () => {
    const absent = await doctor(['--env-file', 'acme.env'])
    expect(absent).toMatchObject({ status: 1, stdout: '' })
    expect(absent.stderr).toContain('acme.env cannot be read (ENOENT)')
    writeFileSync(join(place.folder, 'acme.env'), 'PORT=none\n')
    const { stdout } = await doctor(['--env-file', 'acme.env'])
    expect(stdout).toContain('read the settings from the environment and acme.env')
    expect(stdout).toContain('PORT')
  })

  it.each([
    [['--emial', 'a@b.example'], "Unknown option '--emial'"],
    [['a@b.example'], "Unexpected argument 'a@b.example'"],
    [['--email', 'nobody'], '--email wants a whole address'],
    [['--email', 'some body@a.example'], '--email wants a whole address'],
  ])('doctor, wrong use %o, explains and exits with 2', async (args, words) => {
    const { status, stdout, stderr } = await doctor(args)
    expect(stderr).toContain(words)
    expect(stderr).toContain('Usage: npm run doctor')
    expect(stderr).not.toMatch(/^\s+at /m)
    expect(stdout).toBe('')
    expect(status).toBe(2)
  })

  it('doctor, asked for help, gives it and exits with 0', async () => {
    const { status, stdout } = await doctor(['--help'])
    for (const option of ['--email', '--json', '--help']) expect(stdout).toContain(option)
    expect(status).toBe(0)
  })
})
