import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { companySecret } from '../../src/settings/companies/company-secret.ts'
import { cliForTests, settingsFor } from './cli-support.ts'
import { actionsOf, applicationsOf, blankForTests, enterAtOkta, only, stateOf, toDo } from './support.ts'

const context = blankForTests()
const cli = cliForTests(context)

/** What somebody without an API token sets. */
const byHand = () => {
  const { OKTA_API_TOKEN: _none, ...rest } = settingsFor(context.sandbox)
  return rest
}

const enterInOkta = (redirectUri: string) => enterAtOkta(context.sandbox, redirectUri)

describe('Okta’s half by hand, in two runs', () => {
  it('first run, without an API token, does Logto’s half and prints what to enter', async () => {
    cli.writeEnv(byHand())
    const args = ['--yes', '--base-url', 'https://app.test', '--app-name', 'Our app']
    const { status, stdout } = await cli.run(args)
    expect(status).toBe(0)
    const { tenant, org, logto } = context.sandbox
    const connector = only(tenant.ssoConnectors)
    expect(connector).toMatchObject({ connectorName: 'Acme', domains: ['acme.example'], config: {} })
    expect(org.apps).toEqual([])
    expect(applicationsOf(context.sandbox)).toHaveLength(1)
    const advice = stdout.slice(stdout.indexOf('Create App Integration'))
    for (const words of [
      'Our app',
      `Sign-in redirect URIs        ${logto.endpoint}/callback/${connector.id}`,
      'the group Staff,',
      'Proof Key for Code Exchange  off',
      'Initiate login URI           https://app.test/sign-in',
      'OKTA_CLIENT_ID=',
      'OKTA_CLIENT_SECRET=',
    ]) {
      expect(advice).toContain(words)
    }
    expect(advice).not.toContain('OKTA_ORG_URL=')
    expect(stdout).not.toContain('Next: ')
    expect(cli.readEnv(), 'nobody can sign in through it yet').not.toHaveProperty('SSO_CONNECTORS')
  })

  it('first run, by settings of another file, names that one', async () => {
    cli.writeEnv(byHand())
    renameSync(join(cli.folder, '.env'), join(cli.folder, 'acme.env'))
    const { status, stdout } = await cli.run(['--yes', '--env-file', 'acme.env'])
    expect(status).toBe(0)
    expect(stdout).toContain('acme.env')
    expect(stdout).not.toMatch(/(?<!acme)\.env/)
  })

  it('first run, once more before anything is entered, has nothing to do and prints it again', async () => {
    cli.writeEnv(byHand())
    await cli.run(['--yes'])
    for (const args of [[], ['--dry-run']]) {
      const { status, stdout } = await cli.run(args)
      expect(status).toBe(0)
      expect(stdout).toContain('Nothing to do')
      expect(stdout).toContain(`/callback/${only(context.sandbox.tenant.ssoConnectors).id}`)
    }
  })

  it('first run, no org known yet, asks for it as well', async () => {
    const { OKTA_ORG_URL: _none, ...rest } = byHand()
    cli.writeEnv(rest)
    const { status, stdout } = await cli.run(['--yes'])
    expect(status).toBe(0)
    expect(stdout).toContain('OKTA_ORG_URL=<such as https://company.okta.com>')
  })

  it('second run, with client ID and secret, finishes and prints no more of it', async () => {
    cli.writeEnv(byHand())
    await cli.run(['--yes'])
    const { tenant, logto, okta } = context.sandbox
    const { clientId, clientSecret } = await enterInOkta(
      `${logto.endpoint}/callback/${only(tenant.ssoConnectors).id}`,
    )
    cli.writeEnv({ ...cli.readEnv(), OKTA_CLIENT_ID: clientId, OKTA_CLIENT_SECRET: clientSecret })
    const second = await cli.run(['--yes'])
    expect(second.status).toBe(0)
    expect(second.stdout).not.toContain('Create App Integration')
    expect(second.stdout).toContain('Next: npm start')
    expect(only(tenant.ssoConnectors).config).toMatchObject({
      issuer: okta.issuer,
      clientId,
      clientSecret,
      scope: 'openid profile email',
    })
    const third = await cli.run([])
    expect(third.status).toBe(0)
    expect(third.stdout).toContain('Nothing to do')

    // The client's settings are the connector's by then, and may go.
    const { OKTA_CLIENT_ID: _id, OKTA_CLIENT_SECRET: _secret, ...without } = cli.readEnv()
    cli.writeEnv(without)
    const fourth = await cli.run([])
    expect(fourth.status).toBe(0)
    expect(fourth.stdout).toContain('Nothing to do')
    expect(fourth.stdout).not.toContain("Okta's half")
  })

  it('second run, with a wrong secret, is refused and changes nothing', async () => {
    cli.writeEnv(byHand())
    await cli.run(['--yes'])
    const { clientId } = await enterInOkta('https://app.test/x')
    const before = stateOf(context.sandbox)
    for (const given of [
      { OKTA_CLIENT_ID: clientId, OKTA_CLIENT_SECRET: 'the-wrong-one' },
      { OKTA_CLIENT_ID: '0oanowhere', OKTA_CLIENT_SECRET: 'the-wrong-one' },
    ]) {
      cli.writeEnv({ ...byHand(), ...given })
      const { status, stdout, stderr } = await cli.run(['--yes'])
      expect(status).toBe(1)
      expect(stderr).toContain(`refuses the client ${given.OKTA_CLIENT_ID} with the secret that is given`)
      expect(stderr).toContain('into OKTA_CLIENT_ID and OKTA_CLIENT_SECRET')
      expect(stdout + stderr).not.toContain('the-wrong-one')
    }
    expect(stateOf(context.sandbox)).toEqual(before)
  })

  it('client ID, without its secret or its org, is told so', async () => {
    const { OKTA_ORG_URL: _none, ...rest } = byHand()
    const { status, stderr } = await cli.run([], { ...rest, OKTA_CLIENT_ID: '0oasomething' })
    expect(status).toBe(1)
    expect(stderr).toContain('OKTA_CLIENT_SECRET is not set, while OKTA_CLIENT_ID is')
    expect(stderr).toContain('OKTA_ORG_URL is not set, while OKTA_CLIENT_ID is')
  })
})

describe('Okta’s half by hand, later on', () => {
  it('secret, rotated at Okta, is found out, and fixed with the new one', async () => {
    const { provision, plan, refusal, wire, sandbox } = context
    const first = await provision()
    const client = only(sandbox.org.apps).credentials.oauthClient
    client.client_secret = 'a-new-secret-from-the-console'
    wire.reset()
    const message = await refusal({ okta: undefined })
    expect(message).toContain(`refuses the client ${first.wired.oktaClient?.clientId} with the secret`)
    const entered = { clientId: client.client_id, clientSecret: client.client_secret }
    await provision({ okta: undefined, byHand: entered })
    expect(only(sandbox.tenant.ssoConnectors).config.clientSecret).toBe(entered.clientSecret)
    expect(actionsOf(await plan({ okta: undefined }))).not.toContain('change')
  })

  it('client, made by hand, is adopted by a later run with an API token', async () => {
    const { provision, plan, sandbox } = context
    await provision({ okta: undefined })
    const client = await enterInOkta(
      `${sandbox.logto.endpoint}/callback/${only(sandbox.tenant.ssoConnectors).id}`,
    )
    await provision({ okta: undefined, byHand: client })
    await provision()
    expect(only(sandbox.org.apps)).toMatchObject({
      label: 'By hand',
      settings: { oauthClient: { initiate_login_uri: 'https://app.test/sign-in' } },
    })
    expect(only(sandbox.tenant.ssoConnectors).config).toMatchObject(client)
    expect(toDo(await plan())).toEqual({})
  })
})

describe('the event hook and Universal Logout by hand', () => {
  it('secret of the hook, shown once and at a terminal only, is shown again when asked for', async () => {
    cli.writeEnv({ ...byHand(), BASE_URL: 'https://app.test' })
    await cli.run(['--yes'])
    const { tenant, logto, okta } = context.sandbox
    const { id } = only(tenant.ssoConnectors)
    const client = await enterInOkta(`${logto.endpoint}/callback/${id}`)
    const { COMPANY_HOOK_KEY = '', ...rest } = cli.readEnv()
    expect(COMPANY_HOOK_KEY).toMatch(/^[0-9a-f]{64}$/)
    cli.writeEnv({
      ...rest,
      COMPANY_HOOK_KEY,
      OKTA_CLIENT_ID: client.clientId,
      OKTA_CLIENT_SECRET: client.clientSecret,
    })
    const secret = companySecret(COMPANY_HOOK_KEY, okta.issuer)

    const first = await cli.runAtTerminal('y\r', [])
    for (const words of [
      ...[`https://app.test/webhooks/okta/${id}`, 'authorization', secret, 'user.lifecycle.deactivate'],
      ...['https://app.test/global-token-revocation', 'Signed JWT'],
    ])
      expect(first.stdout).toContain(words)
    expect(first.stdout).not.toContain(COMPANY_HOOK_KEY)
    expect((await cli.runAtTerminal('', [])).stdout).not.toContain(secret)
    const piped = await cli.run(['--by-hand'])
    expect(piped.stdout).toContain(`https://app.test/webhooks/okta/${id}`)
    expect(piped.stdout).not.toContain(secret)
    expect((await cli.runAtTerminal('', ['--by-hand'])).stdout).toContain(secret)
  })
})
