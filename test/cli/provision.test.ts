import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'dotenv'
import { describe, expect, it } from 'vitest'
import type { Hook } from '../../src/sandbox/index.ts'
import { ApiError } from '../../src/sandbox/logto/management/shared/api-error.ts'
import { loadConfig } from '../../src/settings/config.ts'
import { cliForTests, settingsFor } from '../provision/cli-support.ts'
import { applicationsOf, blankForTests, only, stateOf } from '../provision/support.ts'
import { isProse } from '../support/prose.ts'

const context = blankForTests()
const cli = cliForTests(context)
const first = () => settingsFor(context.sandbox)

describe('the command line', () => {
  it.each(['--help', '-h'])('%s, nothing set, tells what there is', async (flag) => {
    const { status, stdout, stderr } = await cli.run([flag])
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    for (const word of [
      ...['--yes', '--dry-run', '--take-over', '--env-file', '--domain', 'SSO_EMAIL_DOMAINS'],
      ...['--api-resource', 'API_RESOURCE', '--api-permission', 'API_PERMISSIONS'],
    ])
      expect(stdout).toContain(word)
    expect(stdout).not.toMatch(/--(okta-api-token|\S*secret)/)
    expect(stdout.match(/^ {2}--\S+ <value> {2,}[A-Z_]+$/gm)).toHaveLength(22)
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  })

  it.each([
    ['an unknown flag', ['--nope'], "Unknown option '--nope'"],
    ['a flag without its value', ['--domain'], '--domain'],
    ['a word of no flag', ['acme.example'], 'acme.example'],
    ['a secret as a flag', ['--okta-api-token', 'x-secret'], "Unknown option '--okta-api-token'"],
  ])('flags, %s, are told with the way to all of them', async (_case, args, words) => {
    const { status, stdout, stderr } = await cli.run(args)
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toContain(words)
    expect(stderr).toContain('npm run provision -- --help shows what there is')
    expect(stderr).not.toMatch(/ at .*\.ts|x-secret/)
  })

  it('settings, missing and wrong ones, are named all at once with their fixes', async () => {
    const { status, stderr, stdout } = await cli.run([], {
      OKTA_API_TOKEN: 'a-token',
      SSO_EMAIL_DOMAIN: 'acme.example',
      BASE_URL: 'app.test',
      OKTA_ISSUER: 'nowhere',
    })
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    const faults = [...stderr.matchAll(/^ {2}([A-Z0-9_]+) .*\n {4}→ ./gm)].map(([, name]) => name)
    expect(faults.sort()).toEqual([
      ...['BASE_URL', 'LOGTO_ENDPOINT', 'LOGTO_M2M_APP_ID', 'LOGTO_M2M_APP_SECRET'],
      ...['OKTA_ISSUER', 'OKTA_ORG_URL', 'SSO_EMAIL_DOMAIN', 'SSO_EMAIL_DOMAINS'],
    ])
    expect(stderr).not.toMatch(/a-token| at .*\.ts/)
    expect(cli.hasEnv()).toBe(false)
  })

  it('settings, by flags over the environment over the file, are those that count', async () => {
    cli.writeEnv({ ...first(), SSO_CONNECTOR_NAME: 'By file', OKTA_GROUP: 'By file', APP_NAME: 'By file' })
    const { status } = await cli.run(
      ['--yes', '--connector-name', 'By flag', '--domain', 'acme.example', '--domain', 'acme.test'],
      { SSO_CONNECTOR_NAME: 'By environment', OKTA_GROUP: 'Staff', APP_NAME: '' },
    )
    expect(status).toBe(0)
    const { tenant, org } = context.sandbox
    expect(only(tenant.ssoConnectors)).toMatchObject({
      connectorName: 'By flag',
      domains: ['acme.example', 'acme.test'],
    })
    expect(only(org.apps).label).toBe('By file')
  })

  it('environment, its empty variables, hides nothing of the file', async () => {
    cli.writeEnv(first())
    const empty = Object.fromEntries(Object.keys(first()).map((name) => [name, name.length % 2 ? '' : ' ']))
    expect((await cli.run(['--dry-run'], empty)).status).toBe(2)
  })
})

describe('a run', () => {
  it('--dry-run, something to do, changes nothing and exits with 2', async () => {
    cli.writeEnv(first())
    const before = stateOf(context.sandbox)
    const { status, stdout } = await cli.run(['--dry-run'])
    expect(status).toBe(2)
    expect(stdout).toContain('Plan for http://localhost:3000')
    expect(stdout).toContain('+ create  Logto: enterprise connector “Acme”')
    expect(stdout).toContain('~ change  .env')
    expect(stateOf(context.sandbox)).toEqual(before)
    expect(cli.readEnv()).toEqual(first())
    expect(readdirSync(cli.folder)).toEqual(['.env'])
  })

  it('--dry-run --yes, something to do, is a dry run', async () => {
    cli.writeEnv(first())
    const before = stateOf(context.sandbox)
    expect((await cli.run(['--yes', '--dry-run'])).status).toBe(2)
    expect(stateOf(context.sandbox)).toEqual(before)
  })

  it('--yes, a first run, does it all, and a second has nothing to do', async () => {
    cli.writeEnv(first())
    const { status, stdout, stderr } = await cli.run(['--yes'])
    expect(status).toBe(0)
    expect(stderr).toContain('… reading Logto at')
    expect(stderr).toContain('… creating Okta: application “Express app”')
    expect(stdout).toContain('Done.')
    expect(stdout).toContain('Next: npm start, then npm run doctor -- --email you@acme.example')
    const backup = /The \.env from before is in (\S+)\./.exec(stdout)?.[1] ?? ''
    expect(readFileSync(backup, 'utf8')).toContain('OKTA_API_TOKEN')
    expect(readFileSync(backup, 'utf8')).not.toContain('LOGTO_APP_SECRET')

    const application = only(applicationsOf(context.sandbox))
    const written = cli.readEnv()
    expect(written).toEqual({
      ...first(),
      LOGTO_APP_ID: application.id,
      LOGTO_APP_SECRET: only(application.secrets).value,
      LOGTO_WEBHOOK_SIGNING_KEY: only(context.sandbox.tenant.hooks).signingKey,
      SESSION_SECRET: expect.stringMatching(/^[0-9a-f]{64}$/),
      COMPANY_HOOK_KEY: expect.stringMatching(/^[0-9a-f]{64}$/),
      SSO_CONNECTORS: expect.stringContaining('"name":"Acme"'),
    })
    const connector = only(context.sandbox.tenant.ssoConnectors)
    const { issuer } = context.sandbox.okta
    expect(loadConfig(written).connectors).toEqual([
      {
        ...{ id: connector.id, name: 'Acme', slug: 'acme', issuer, domains: connector.domains },
        clientId: expect.stringMatching(/^0oa/),
        organizationId: only(context.sandbox.tenant.organizations).id,
      },
    ])
    expect(loadConfig(written).logto).toMatchObject({ appId: application.id })
    expect(statSync(join(cli.folder, '.env')).mode & 0o777).toBe(0o600)

    const before = stateOf(context.sandbox)
    const files = readdirSync(cli.folder)
    for (const args of [[], ['--dry-run'], ['--yes']]) {
      const again = await cli.run(args)
      expect(again.status).toBe(0)
      expect(again.stdout).toContain('Nothing to do: everything is as it should be.')
      expect(again.stdout.includes('Next: npm start')).toBe(!args.includes('--dry-run'))
    }
    expect(stateOf(context.sandbox)).toEqual(before)
    expect(readdirSync(cli.folder)).toEqual(files)
    expect(cli.readEnv()).toEqual(written)
  })

  it('--api-resource, an API of the app’s own, is made, written and made once', async () => {
    cli.writeEnv(first())
    const api = 'https://api.app.test'
    const args = ['--yes', '--api-resource', api, '--api-permission', 'read:notes']
    const { status, stdout } = await cli.run(args)
    expect(status).toBe(0)
    expect(stdout).toContain('+ create  Logto: role “Express app API access”')
    expect(cli.readEnv()).toMatchObject({ API_RESOURCE: api, API_PERMISSIONS: 'read:notes' })
    expect(loadConfig(cli.readEnv()).apiResource).toBe(api)
    const { tenant } = context.sandbox
    expect(tenant.apiResources.at(-1)).toMatchObject({ indicator: api, scopes: [{ name: 'read:notes' }] })
    expect((await cli.run(['--dry-run'])).stdout).toContain('Nothing to do: everything is as it should be.')
  })

  it('.env alone, lost after all was done, is written anew', async () => {
    cli.writeEnv(first())
    await cli.run(['--yes'])
    const { SESSION_SECRET: _made, COMPANY_HOOK_KEY: __, ...complete } = cli.readEnv()
    cli.writeEnv(first())
    const before = stateOf(context.sandbox)
    const { status, stdout } = await cli.run(['--yes'])
    expect(status).toBe(0)
    // The hook's secret is made from the key that was lost, too.
    expect(stdout).toContain('0 to create, 2 to change, 11 to leave as they are.')
    expect(cli.readEnv()).toMatchObject(complete)
    const after = stateOf(context.sandbox)
    expect(after.org.eventHooks).toHaveLength(1)
    expect({ ...after.org, eventHooks: [] }).toEqual({ ...before.org, eventHooks: [] })
    expect(after.tenant).toEqual(before.tenant)
  })

  it('tenants alone, something changed there since, are fixed, and .env is left with no more backups', async () => {
    cli.writeEnv(first())
    await cli.run(['--yes'])
    const files = readdirSync(cli.folder)
    context.sandbox.tenant.signInExperience.singleSignOnEnabled = false
    // A name that a terminal would obey is shown in the plan and on the way.
    const app = only(applicationsOf(context.sandbox))
    app.name = 'Our\u001b[2J\napp'
    app.oidcClientMetadata.redirectUris = []
    const { status, stdout, stderr } = await cli.run(['--yes'])
    expect(status).toBe(0)
    for (const said of [stdout, stderr]) expect(said).toContain('Our\\u001b[2J\\u000aapp')
    expect(stdout).toContain('0 to create, 2 to change, 11 to leave as they are.')
    expect(context.sandbox.tenant.signInExperience.singleSignOnEnabled).toBe(true)
    expect(readdirSync(cli.folder)).toEqual(files)
  })

  it('--env-file, another file, is read and written in place of .env', async () => {
    const path = join(cli.folder, 'other.env')
    const lines = Object.entries(first()).map((pair) => `${pair.join('=')}\n`)
    writeFileSync(path, lines.join(''))
    const { status, stdout } = await cli.run(['--yes', '--env-file', path, '--base-url', 'https://app.test'])
    expect(status).toBe(0)
    // Node.js has an option of that name, and would have put the file into the environment as well.
    expect(stdout).not.toContain('is also set in the environment')
    expect(stdout).toContain(
      `Next: start the app with ${path}, then npm run doctor -- --env-file ${path} --email`,
    )
    expect(cli.hasEnv()).toBe(false)
    expect(readFileSync(path, 'utf8')).toMatch(/^BASE_URL=https:\/\/app\.test$/m)
  })

  it('settings, all in the environment, need no file, and the one that is named is made', async () => {
    const { status, stdout } = await cli.run(['-y', '--env-file', 'new.env'], first())
    expect(status).toBe(0)
    expect(stdout).toContain('+ create  new.env')
    expect(cli.hasEnv()).toBe(false)
    expect(Object.keys(parse(readFileSync(join(cli.folder, 'new.env'), 'utf8'))).sort()).toEqual([
      ...['COMPANY_HOOK_KEY', 'LOGTO_APP_ID', 'LOGTO_APP_SECRET', 'LOGTO_ENDPOINT'],
      ...['LOGTO_WEBHOOK_SIGNING_KEY', 'SESSION_SECRET', 'SSO_CONNECTORS'],
    ])
  })

  it.each([
    ['a folder', () => mkdirSync(join(cli.folder, '.env')), '.env'],
    ['a device', () => {}, '/dev/null'],
    ['read-only', () => writeFileSync(join(cli.folder, '.env'), 'A=1\n', { mode: 0o400 }), '.env'],
    ['in a folder not to be changed', () => chmodSync(cli.folder, 0o500), '.env'],
  ])('file, %s, is refused before anything is changed', async (what, prepare, path) => {
    // Root may write anywhere.
    if (process.getuid?.() === 0 && !['a folder', 'a device'].includes(what)) return
    prepare()
    const before = stateOf(context.sandbox)
    const args = path === '.env' ? [] : ['--env-file', path]
    const { status, stderr } = await cli.run(['--yes', ...args], first())
    expect(status).toBe(1)
    expect(stderr).toContain(`${path} cannot be read or written`)
    expect(stderr).not.toMatch(/ at .*\.ts/)
    expect(stateOf(context.sandbox)).toEqual(before)
  })

  it('refusal, on the way, exits with 1 and leaves what was done for the next run', async () => {
    cli.writeEnv(first())
    for (const token of context.sandbox.org.apiTokens) token.readOnly = true
    const { status, stdout, stderr } = await cli.run(['--yes'])
    expect(status).toBe(1)
    expect(stderr).toContain('may not manage apps and their groups')
    expect(stderr).not.toMatch(/ at .*\.ts/)
    expect(stdout).not.toContain('Done.')
    expect(cli.readEnv()).toEqual(first())
    for (const token of context.sandbox.org.apiTokens) token.readOnly = false
    expect((await cli.run(['--yes'])).status).toBe(0)
    expect(context.sandbox.tenant.ssoConnectors).toHaveLength(1)
  })
})

describe('a run in Japanese', () => {
  it('plan, progress and what is left by hand, from its start to its end, have no English sentence', async () => {
    cli.writeEnv({ ...first(), OKTA_API_TOKEN: undefined })
    const { status, stdout, stderr } = await cli.run(['--yes', '--language', 'ja'])
    expect(status).toBe(0)
    expect(`${stdout}${stderr}`.split('\n').filter(isInEnglish)).toEqual([])
    expect(stdout).toContain(`/callback/${only(context.sandbox.tenant.ssoConnectors).id}`)
  })
})

/** The console's own words stay as they are. */
const isInEnglish = (line: string) => isProse(line) && !line.startsWith('    ')

describe('a run that fails late', () => {
  it('refusal, after the application was made, leaves in .env what is known by then', async () => {
    cli.writeEnv(first())
    const { tenant } = context.sandbox
    const full: Hook[] = []
    full.push = () => {
      throw new ApiError(422, 'subscription.limit_exceeded', 'No more webhooks.')
    }
    tenant.hooks = full
    const { status, stdout, stderr } = await cli.run(['--yes'])
    expect(status).toBe(1)
    expect(stderr).toContain('subscription.limit_exceeded')
    expect(stdout).not.toContain('Done.')
    const { id, secrets } = only(applicationsOf(context.sandbox))
    expect(cli.readEnv()).toMatchObject({ LOGTO_APP_ID: id, LOGTO_APP_SECRET: only(secrets).value })
    expect(cli.readEnv()).not.toHaveProperty('LOGTO_WEBHOOK_SIGNING_KEY')

    tenant.hooks = []
    expect((await cli.run(['--yes'])).status).toBe(0)
    expect(cli.readEnv()).toMatchObject({ LOGTO_WEBHOOK_SIGNING_KEY: only(tenant.hooks).signingKey })
  })
})

describe('being asked', () => {
  it('question, without a terminal, is an error and nothing is changed', async () => {
    cli.writeEnv(first())
    const before = stateOf(context.sandbox)
    const { status, stderr } = await cli.run([])
    expect(status).toBe(1)
    expect(stderr).toContain('There is no terminal to ask at.')
    expect(stderr).toContain('Pass --yes')
    expect(stateOf(context.sandbox)).toEqual(before)
    expect(cli.readEnv()).toEqual(first())
  })

  // util-linux has a `script` that gives a terminal; others have one of another kind, or none.
  describe.skipIf(process.platform !== 'linux')('at a terminal', () => {
    it.each([
      ['n', 'n\r'],
      ['nothing', '\r'],
      ['another word', 'yikes\r'],
      ['Ctrl-D', '\x04'],
      ['Ctrl-C', '\x03'],
    ])('answer, %s, changes nothing and exits with 1', async (_case, keys) => {
      cli.writeEnv(first())
      const before = stateOf(context.sandbox)
      const { status, stdout } = await cli.runAtTerminal(keys, [])
      expect(stdout).toContain('Nothing was changed.')
      expect(status).toBe(1)
      expect(stateOf(context.sandbox)).toEqual(before)
      expect(cli.readEnv()).toEqual(first())
    })

    it.each([
      ['y', 'y\r'],
      ['Yes, with blanks', '  Yes \r'],
    ])('answer, %s, does it', async (_case, keys) => {
      cli.writeEnv(first())
      const { status, stdout } = await cli.runAtTerminal(keys, [])
      expect(stdout).toContain('Done.')
      expect(status).toBe(0)
      expect(context.sandbox.tenant.ssoConnectors).toHaveLength(1)
    })

    it('question, nothing to do, is not asked', async () => {
      cli.writeEnv(first())
      await cli.run(['--yes'])
      const { status, stdout } = await cli.runAtTerminal('', [])
      expect(stdout).not.toContain('Go ahead?')
      expect(status).toBe(0)
    })
  })
})
