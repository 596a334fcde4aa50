import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { leftByHand } from '../../src/provision/connection/left-by-hand.ts'
import type { OtherProvider } from '../../src/provision/desired.ts'
import { connectorEntry } from '../../src/provision/env/connectors-setting.ts'
import { providers } from '../../src/provision/providers/index.ts'
import type { ProviderName, Values } from '../../src/provision/providers/provider.ts'
import type { Desired } from '../../src/provision/provision.ts'
import { inEach, textIn } from '../../src/words/phrase.ts'
import { CERTIFICATE, metadataOf } from '../support/saml-metadata.ts'
import { blankForTests, enterAtOkta, notesOf, only, toDo } from './support.ts'

const context = blankForTests()
const { plan, provision, wire } = context

/** A SAML provider's metadata, as long as it is there. */
const metadata = { isThere: true }
const server = createServer((_req, res) => {
  res.writeHead(metadata.isThere ? 200 : 404).end(metadataOf('urn:acme:idp'))
})
beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening')
})
afterAll(() => {
  server.close()
})
beforeEach(() => {
  metadata.isThere = true
})
const saml = (): Values => ({
  metadataUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/metadata`,
})

/** A company whose provider is no Okta; the OpenID provider is the sandbox's, which is as good as any. */
const company = (name: OtherProvider['name'], values?: Values): Partial<Desired> => ({
  provider: { name, values },
  issuer: undefined,
  okta: undefined,
})
const issuer = () => context.sandbox.okta.issuer

/** What somebody has registered at the OpenID provider. */
const registered = async (): Promise<Values> => ({
  issuer: issuer(),
  ...(await enterAtOkta(context.sandbox, 'https://logto.test/callback/c')),
})

const connectionOf = (name: ProviderName) => `Logto: connection of “Acme” to ${providers[name].label.en}`

describe('a company with another provider', () => {
  it('OIDC, registered, is wired at Logto, and a second run has nothing to do', async () => {
    const values = await registered()
    expect(toDo(await plan(company('OIDC', values)))).toMatchObject({
      'Logto: enterprise connector “Acme”': ['email domains + acme.example'],
      [connectionOf('OIDC')]: expect.arrayContaining([
        `issuer:  → ${issuer()}`,
        'client secret:  → (secret)',
      ]),
    })
    const { wired, byHand } = await provision(company('OIDC', values))
    expect(byHand).toBe(false)
    expect(only(context.sandbox.tenant.ssoConnectors)).toMatchObject({
      providerName: 'OIDC',
      domains: ['acme.example'],
      config: { ...values, scope: 'openid profile email', trustUnverifiedEmail: false },
    })
    expect(context.sandbox.org.eventHooks).toEqual([])
    expect(connectorEntry(context.desired(company('OIDC', values)), wired)).toMatchObject({
      issuer: issuer(),
    })
    expect(toDo(await plan(company('OIDC', values)))).toEqual({})
    expect(toDo(await plan(company('OIDC'))), 'the values are at Logto by then').toEqual({})
  })

  it('any kind, nobody registered yet, has its connector made, whose addresses are to be entered there', async () => {
    for (const name of ['AzureAdOidc', 'AzureAD', 'GoogleWorkspace', 'OIDC', 'SAML'] as const) {
      context.sandbox.tenant.ssoConnectors = []
      const { wired, byHand } = await provision(company(name))
      expect(byHand).toBe(true)
      expect(only(context.sandbox.tenant.ssoConnectors)).toMatchObject({ providerName: name, config: {} })
      expect(connectorEntry(context.desired(company(name)), wired)).toBeUndefined()
      const again = await plan(company(name))
      expect(toDo(again)).toEqual({})
      expect(again.byHand).toBe(true)
      const { endpoint } = context.sandbox.logto
      const { id } = only(context.sandbox.tenant.ssoConnectors)
      const envFile = { resource: inEach('acme.env'), changes: [] }
      const how = { changed: false, asked: false, isTerminal: false }
      const advice = leftByHand(context.desired(company(name)), again, { envFile, ...how })
      const isSaml = providers[name].protocol === 'saml'
      const told = isSaml
        ? [`${endpoint}/api/authn/single-sign-on/saml/${id}`, 'SSO_METADATA_URL=']
        : [`${endpoint}/callback/${id}`, 'SSO_CLIENT_SECRET=']
      for (const words of [...told, 'acme.env']) expect(textIn(only(advice).text, 'en')).toContain(words)
    }
  })

  it('SAML, by its metadata’s address, is known by the entity ID that Logto reads there', async () => {
    const { wired } = await provision(company('SAML', saml()))
    expect(only(context.sandbox.tenant.ssoConnectors).config).toEqual({
      ...saml(),
      attributeMapping: { id: 'nameID', email: 'email', name: 'name' },
    })
    expect(wired).toMatchObject({ issuer: 'urn:acme:idp', isIncomplete: false })
    const again = await plan(company('SAML', saml()))
    expect(toDo(again)).toEqual({})
    expect(again.wired).toMatchObject({ issuer: 'urn:acme:idp' })
  })

  it('SAML, its metadata away on a later run, stays as it is, with a note', async () => {
    await provision(company('SAML', saml()))
    metadata.isThere = false
    const again = await plan(company('SAML', saml()))
    expect(toDo(again)).toEqual({})
    expect(notesOf(again).join()).toContain('cannot read the metadata')
  })

  it('SAML, another way in for its metadata, leaves nothing of the first, and keeps attributes set at Logto', async () => {
    const byHand = {
      entityId: 'urn:old',
      signInEndpoint: 'https://old.example',
      x509Certificate: CERTIFICATE,
    }
    await provision(company('AzureAD', byHand))
    const { config } = only(context.sandbox.tenant.ssoConnectors)
    Object.assign(config, {
      attributeMapping: { ...config.attributeMapping, name: 'displayname' },
      signAuthnRequest: true,
    })
    await provision(company('AzureAD', { ...saml(), emailAttribute: 'mail' }))
    expect(only(context.sandbox.tenant.ssoConnectors).config).toEqual({
      ...saml(),
      signAuthnRequest: true,
      attributeMapping: { id: 'nameID', email: 'mail', name: 'displayname' },
    })
  })

  it('OIDC, changed at Logto, is repaired in what is said here, and keeps what is not', async () => {
    const values = await registered()
    await provision(company('OIDC', values))
    const { config } = only(context.sandbox.tenant.ssoConnectors)
    Object.assign(config, { clientSecret: 'gone', scope: 'openid groups', trustUnverifiedEmail: true })
    const repair = await plan(company('OIDC', values))
    expect(toDo(repair)).toEqual({
      [connectionOf('OIDC')]: ['client secret:  → (secret)', expect.stringContaining('scope')],
    })
    await repair.apply()
    expect(only(context.sandbox.tenant.ssoConnectors).config).toMatchObject({
      clientSecret: values.clientSecret,
      scope: 'openid groups profile email',
      trustUnverifiedEmail: true,
    })
  })

  it.each(['lost on its way there', 'done, with its answer lost'])(
    'OIDC, a request %s, is finished by the next run wherever it was',
    async (accident) => {
      const values = await registered()
      const changes = company('OIDC', values)
      for (let n = 1; ; n += 1) {
        context.sandbox.tenant.ssoConnectors = []
        const { apply } = await plan(changes)
        let count = 0
        wire.intercept = async (_sent, forward) => {
          count += 1
          if (count !== n) return forward()
          if (accident.startsWith('done')) await forward()
          throw new TypeError('fetch failed')
        }
        const failed = await apply().then(
          () => false,
          () => true,
        )
        wire.intercept = (_sent, forward) => forward()
        await provision(changes)
        expect(only(context.sandbox.tenant.ssoConnectors).config).toMatchObject(values)
        expect(toDo(await plan(changes))).toEqual({})
        if (!failed) break
      }
    },
  )

  it.each<[string, () => Promise<Partial<Desired>>, string]>([
    ['another kind’s connector of its name', anotherKind, 'is a connector for SAML'],
    [
      'an issuer that is none',
      async () => company('OIDC', { ...(await registered()), issuer: `${issuer()}/nowhere` }),
      'SSO_ISSUER',
    ],
    [
      'a wrong secret',
      async () => company('OIDC', { ...(await registered()), clientSecret: 'wrong' }),
      'SSO_CLIENT_SECRET',
    ],
    ['another issuer’s connector', anotherIssuer, 'and not for'],
    [
      'a client that Entra does not know',
      async () => {
        const changes = company('AzureAdOidc', await registered())
        const error = { error: 'unauthorized_client', error_description: 'AADSTS700016: no' }
        wire.answer('POST /oauth2/v1/token', () => Response.json(error, { status: 400 }))
        return changes
      },
      'SSO_CLIENT_ID',
    ],
  ])('%s is refused before anything is changed', async (_what, changes, words) => {
    const wanted = await changes()
    wire.sent.length = 0
    expect(await context.refusal(wanted)).toContain(words)
  })

  async function anotherKind() {
    await provision(company('SAML'))
    return company('OIDC')
  }

  async function anotherIssuer() {
    const values = await registered()
    await provision(company('OIDC', values))
    Object.assign(only(context.sandbox.tenant.ssoConnectors).config, { issuer: 'https://other.example' })
    return company('OIDC', values)
  }

  it('another issuer’s connector, taken over, gets this one', async () => {
    const changes = await anotherIssuer()
    await provision({ ...changes, takeOver: true })
    expect(only(context.sandbox.tenant.ssoConnectors).config).toMatchObject({ issuer: issuer() })
  })

  it.each<[string, string, number, string]>([
    ['connector.not_found', '', 422, 'SSO_PROVIDER'],
    ['single_sign_on.duplicate_connector_name', '', 409, 'SSO_CONNECTOR_NAME'],
    ['single_sign_on.forbidden_domains', '', 422, 'SSO_EMAIL_DOMAINS'],
    ['single_sign_on.duplicated_domains', '', 422, 'Name each domain once'],
    ['connector.invalid_config', 'fail_to_fetch_config', 400, 'SSO_ISSUER'],
    ['connector.invalid_config', 'invalid_config_response', 400, 'a whole discovery document'],
    ['connector.invalid_metadata', 'fail_to_fetch_config', 400, 'SSO_METADATA_URL'],
    ['connector.invalid_metadata', 'invalid_connector_config', 400, 'HTTP-Redirect'],
    ['connector.invalid_certificate', '', 400, 'SSO_CERTIFICATE_FILE'],
  ])('Logto’s %s (%s) is said with its fix', async (code, message, status, fix) => {
    const { apply } = await plan(company('SAML', saml()))
    wire.intercept = ({ what }, forward) =>
      what.includes('/api/sso-connectors') && !what.startsWith('GET')
        ? Response.json({ code, message: 'No.', data: message ? { message } : undefined }, { status })
        : forward()
    await expect(apply()).rejects.toMatchObject({
      name: 'ProvisionError',
      message: expect.stringContaining(fix),
    })
  })

  it('what to enter, after a run that changed something, is printed; later only when it is asked for', async () => {
    const values = await registered()
    const provisioning = await provision(company('OIDC', values))
    const texts = (changed: boolean, asked: boolean) =>
      leftByHand(context.desired(company('OIDC', values)), provisioning, {
        ...{ envFile: { resource: inEach('.env'), changes: [] }, changed, asked, isTerminal: false },
      }).map(({ text }) => textIn(text, 'en'))
    expect(only(texts(true, false))).toContain(`/callback/${only(context.sandbox.tenant.ssoConnectors).id}`)
    expect(only(texts(false, true))).not.toContain('SSO_CLIENT_SECRET=')
    expect(texts(false, false)).toEqual([])
  })

  it('metadata that Logto cannot read, is said with the setting', async () => {
    metadata.isThere = false
    const { apply } = await plan(company('SAML', saml()))
    await expect(apply()).rejects.toMatchObject({
      name: 'ProvisionError',
      message: expect.stringContaining('SSO_METADATA_URL'),
    })
  })
})
