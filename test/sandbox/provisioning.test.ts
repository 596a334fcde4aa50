import { createManagementApi } from '@logto/api/management'
import okta from '@okta/okta-sdk-nodejs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BlankSandbox, startBlankSandbox } from '../../src/sandbox/index.ts'
import { UserAgent } from '../support/user-agent.ts'
import { CONTRACTOR, EMPLOYEE, RelyingParty, toOkta } from './support.ts'

/** Both vendors' own clients, which would not put up with an answer that is not theirs. */
function clientsOf({ logto, okta: { orgUrl, apiToken } }: BlankSandbox) {
  const { apiClient } = createManagementApi('default', {
    clientId: logto.appId,
    clientSecret: logto.appSecret,
    baseUrl: logto.endpoint,
    apiIndicator: logto.managementApi,
  })
  return { logto: apiClient, okta: new okta.Client({ orgUrl, token: apiToken }) }
}

let sandbox: BlankSandbox
let party: RelyingParty
beforeAll(async () => {
  party = await RelyingParty.start()
  sandbox = await startBlankSandbox({ logtoPort: 0, oktaPort: 0 })
})
afterAll(async () => {
  await sandbox.close()
  await party.close()
})

/** Wires a blank sandbox through both APIs, and gives a relying party its application. */
async function provision(issuer: string, name: string) {
  const clients = clientsOf(sandbox)
  const { data: application } = await clients.logto.POST('/api/applications', {
    body: {
      name,
      type: 'Traditional',
      oidcClientMetadata: {
        redirectUris: [`${party.url}/callback`] as never,
        postLogoutRedirectUris: [`${party.url}/`] as never,
      },
    },
  })
  const id = application?.id ?? ''
  const path = { params: { path: { id } } }
  const { data: secrets } = await clients.logto.GET('/api/applications/{id}/secrets', path)
  const { data: connector } = await clients.logto.POST('/api/sso-connectors', {
    body: { providerName: 'Okta', connectorName: name },
  })
  const app = await clients.okta.applicationApi.createApplication({
    application: {
      name: 'oidc_client',
      label: name,
      signOnMode: 'OPENID_CONNECT',
      credentials: { oauthClient: { token_endpoint_auth_method: 'client_secret_basic' } },
      settings: {
        oauthClient: {
          application_type: 'web',
          redirect_uris: [`${sandbox.logto.endpoint}/callback/${connector?.id}`],
          response_types: ['code'],
          grant_types: ['authorization_code'],
        },
      },
    } as okta.OpenIdConnectApplication,
  })
  const { client_id: clientId, client_secret: clientSecret } =
    (app as okta.OpenIdConnectApplication).credentials.oauthClient ?? {}
  const [group] = await listOf(await clients.okta.groupApi.listGroups({ q: sandbox.group }))
  await clients.okta.applicationApi.assignGroupToApplication({
    appId: app.id ?? '',
    groupId: group?.id ?? '',
  })
  await clients.logto.PATCH('/api/sso-connectors/{id}', {
    params: { path: { id: connector?.id ?? '' } },
    body: { config: { issuer, clientId, clientSecret }, domains: [sandbox.domain] },
  })
  await clients.logto.PATCH('/api/sign-in-exp', { body: { singleSignOnEnabled: true } })
  const { endpoint } = sandbox.logto
  await party.use({
    ...sandbox,
    management: { appId: sandbox.logto.appId, appSecret: sandbox.logto.appSecret },
    logto: { endpoint, appId: id, appSecret: secrets?.[0]?.value ?? '' },
    script: { appId: '', appSecret: '' },
    webhookKey: '',
    connectors: [],
    companyHookKeys: [],
    appIsThere: async () => {},
  })
  return { clients, connectorId: connector?.id ?? '', appId: app.id ?? '' }
}

async function listOf<T>(collection: okta.Collection<T>): Promise<T[]> {
  const items: T[] = []
  await collection.each((item) => {
    if (item) items.push(item)
  })
  return items
}

async function signIn(email: string) {
  const browser = new UserAgent()
  await browser.open(await party.signInUrl())
  await toOkta(browser, email)
  return browser.submit({ username: email, password: sandbox.password })
}

describe('a blank sandbox, provisioned by the vendors’ own clients', () => {
  it('employee signs in, contractor does not, and the connector is public', async () => {
    const { connectorId } = await provision(sandbox.okta.issuer, 'By name')
    const response = await fetch(`${sandbox.logto.endpoint}/api/.well-known/sign-in-exp`)
    expect(await response.json()).toMatchObject({ ssoConnectors: [{ id: connectorId }] })
    const { url } = await signIn(EMPLOYEE)
    expect((await party.exchange(url)).claims()).toMatchObject({ email: EMPLOYEE })
    expect((await signIn(CONTRACTOR)).text).toContain('The request is with wrong input parameter(s).')
    expect(sandbox.control.connectorFaults.at(-1)?.problem).toContain('User is not assigned to the client')
  })

  it('issuer by another name of the same server signs in all the same, as at Logto', async () => {
    sandbox.tenant.ssoConnectors.length = 0
    const other = sandbox.okta.issuer.replace('localhost', '127.0.0.1')
    const { clients, connectorId } = await provision(other, 'By address')
    const { data } = await clients.logto.GET('/api/sso-connectors/{id}', {
      params: { path: { id: connectorId } },
    })
    expect(data).toMatchObject({ config: { issuer: other }, providerConfig: { issuer: sandbox.okta.issuer } })
    const { url } = await signIn(EMPLOYEE)
    expect((await party.exchange(url)).claims()?.sub).toEqual(expect.any(String))
    // The verified email joins the new identity to the account of the old.
    const identities = sandbox.tenant.users.at(-1)?.ssoIdentities
    expect(identities).toMatchObject([{ issuer: sandbox.okta.issuer }, { issuer: other }])
  })

  it('app, of a list in pages, is found, read and replaced by Okta’s client', async () => {
    const { clients, appId } = await provision(sandbox.okta.issuer, 'To be found')
    const api = clients.okta.applicationApi
    const found = await listOf(await api.listApplications({ filter: 'name eq "oidc_client"', limit: 1 }))
    expect(found.map(({ id }) => id)).toContain(appId)
    const app = (await api.getApplication({ appId })) as okta.OpenIdConnectApplication
    expect(app.credentials.oauthClient).not.toHaveProperty('client_secret', expect.any(String))
    const replaced = await api.replaceApplication({
      appId,
      application: { ...app, label: 'Found' } as okta.OpenIdConnectApplication,
    })
    expect(replaced).toMatchObject({ id: appId, label: 'Found', status: 'ACTIVE' })
    const group = sandbox.org.groups.find(({ profile }) => profile.name === sandbox.group)
    await expect(
      api.getApplicationGroupAssignment({ appId, groupId: group?.id ?? '' }),
    ).resolves.toMatchObject({ id: group?.id })
    await expect(api.getApplication({ appId: 'nope' })).rejects.toMatchObject({
      status: 404,
      errorCode: 'E0000007',
    })
  })

  it('application, of a page, is found and deleted by Logto’s client', async () => {
    const { clients } = await provision(sandbox.okta.issuer, 'To be deleted')
    const query = { types: 'Traditional' as const, page: 1, page_size: 1 }
    const { data, response } = await clients.logto.GET('/api/applications', { params: { query } })
    expect(data).toMatchObject([{ name: 'To be deleted' }])
    expect(Number(response.headers.get('total-number'))).toBeGreaterThan(0)
    const params = { path: { id: data?.[0]?.id ?? '' } }
    expect((await clients.logto.DELETE('/api/applications/{id}', { params })).response.status).toBe(204)
    const { error } = await clients.logto.GET('/api/applications/{id}', { params })
    expect(error).toMatchObject({ code: 'entity.not_exists_with_id' })
  })
})
