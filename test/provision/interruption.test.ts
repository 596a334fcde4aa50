import { describe, expect, it } from 'vitest'
import { connectorEntry } from '../../src/provision/env/connectors-setting.ts'
import type { Desired } from '../../src/provision/provision.ts'
import { APP, applicationsOf, blankForTests, only, stateOf, toDo } from './support.ts'

const context = blankForTests()
const { plan, provision, wire } = context

/** Where the network breaks: on the way there, on the way back, or at the server after all is done. */
const BREAKS = {
  'lost on its way there': async (_forward: () => Promise<Response>) => {
    throw new TypeError('fetch failed', { cause: new Error('read ECONNRESET') })
  },
  'done, with its answer lost': async (forward: () => Promise<Response>) => {
    await forward()
    throw new TypeError('fetch failed', { cause: new Error('other side closed') })
  },
  'done, and answered with a 502': async (forward: () => Promise<Response>) => {
    await forward()
    return new Response('<h1>Bad gateway</h1>', { status: 502 })
  },
}

/** How many requests carrying a plan out takes; nothing is done. */
async function requestsToApply(changes?: Partial<Desired>): Promise<number> {
  const provisioning = await plan(changes)
  const before = wire.sent.length
  await provisioning.apply()
  return wire.sent.length - before
}

async function expectFinished(changes?: Partial<Desired>) {
  const { sandbox } = context
  const { wired } = await provision(changes)
  const third = await plan(changes)
  expect(toDo(third)).toEqual({})
  // Of an app that this run has made, Okta says the state of Universal Logout only when it is asked again; and which
  // connectors there are is what Logto said before.
  const { connectorIds: _before, ...made } = wired
  expect(third.wired).toMatchObject(made)
  const connector = only(sandbox.tenant.ssoConnectors)
  const { client_id: clientId, client_secret: clientSecret } = only(sandbox.org.apps).credentials.oauthClient
  expect(connector.config).toMatchObject({ clientId, clientSecret })
  expect(only(applicationsOf(sandbox)).secrets).toHaveLength(1)
  expect(only(sandbox.tenant.hooks).signingKey).toBe(wired.webhookSigningKey)
  expect(sandbox.tenant.signInExperience.singleSignOnEnabled).toBe(true)
  expect(only([...sandbox.org.assignments.values()]).groups.size).toBe(1)
  expect(sandbox.tenant.idToken.enabledExtendedClaims).toContain('sso_identities')
  expect(only(sandbox.org.eventHooks)).toMatchObject({
    status: 'ACTIVE',
    verificationStatus: 'VERIFIED',
    config: { uri: `${APP}/webhooks/okta/${connector.id}` },
  })
}

/** Carries out a plan whose n-th request meets with an accident. */
async function applyWithAccident(
  n: number,
  accident: (forward: () => Promise<Response>) => Promise<Response>,
  changes?: Partial<Desired>,
) {
  const provisioning = await plan(changes)
  let count = 0
  wire.intercept = (_sent, forward) => {
    count += 1
    return count === n ? accident(forward) : forward()
  }
  await expect(provisioning.apply()).rejects.toMatchObject({ name: 'ProvisionError' })
  expect(count, 'nothing is sent after it').toBe(n)
  wire.intercept = (_sent, forward) => forward()
}

describe('an interrupted first run', () => {
  // The ten changes, and a look at the secrets of the new application.
  const COUNT = 11

  it('plan, carried out, takes so many requests', async () => {
    expect(await requestsToApply()).toBe(COUNT)
  })

  const cases = Object.entries(BREAKS).flatMap(([words, accident]) =>
    Array.from({ length: COUNT }, (_, index) => ({ n: index + 1, words, accident })),
  )
  it.each(cases)('request $n, $words, is made good by the next run', async ({ n, accident }) => {
    await applyWithAccident(n, accident)
    await expectFinished()
  })

  it('plan, broken off before its connector is complete, puts no company into the settings', async () => {
    const provisioning = await plan()
    const connection = provisioning.steps.findIndex(({ resource }) =>
      resource.en.startsWith('Logto: connection'),
    )
    for (const [index, step] of provisioning.steps.entries()) {
      await step.apply()
      const entry = connectorEntry(context.desired(), provisioning.wired)
      expect(entry !== undefined, step.resource.en).toBe(index >= connection)
    }
  })
})

describe('an interrupted repair', () => {
  /** Everything that can be off without being another's. */
  async function damage() {
    const { tenant, org } = context.sandbox
    const [connector] = tenant.ssoConnectors
    const [app] = org.apps
    const [hook] = tenant.hooks
    const application = only(applicationsOf(context.sandbox))
    if (!connector || !app || !hook) throw new Error('not provisioned')
    connector.domains = ['acme.test']
    connector.config.clientSecret = 'altered at the connector'
    app.settings.oauthClient.redirect_uris = ['https://elsewhere.test/callback']
    org.assignments.get(app.id)?.groups.clear()
    application.oidcClientMetadata = {
      redirectUris: [`https://app.test/callback`],
      postLogoutRedirectUris: [],
    }
    tenant.signInExperience.singleSignOnEnabled = false
    hook.enabled = false
    tenant.idToken.enabledExtendedClaims = ['custom_data']
    Object.assign(only(org.eventHooks), { status: 'INACTIVE', verificationStatus: 'UNVERIFIED', events: [] })
  }

  const cases = Object.entries(BREAKS).flatMap(([words, accident]) =>
    Array.from({ length: 11 }, (_, index) => ({ n: index + 1, words, accident })),
  )
  it.each(cases)('request $n, $words, is made good by the next run', async ({ n, accident }) => {
    await provision()
    await damage()
    await applyWithAccident(n, accident)
    await expectFinished()
  })

  it('repair, carried out, takes eleven requests and loses nothing of others', async () => {
    await provision()
    await damage()
    expect(await requestsToApply()).toBe(11)
    await expectFinished()
    const { tenant, org } = context.sandbox
    expect(only(tenant.ssoConnectors).domains).toEqual(['acme.test', 'acme.example'])
    expect(tenant.idToken.enabledExtendedClaims).toEqual(['custom_data', 'sso_identities'])
    expect(only(org.apps).settings.oauthClient.redirect_uris).toContain('https://elsewhere.test/callback')
  })
})

describe('an interrupted run that wants more than the first', () => {
  const organization = { organization: { name: 'Acme', roles: ['member'], permissions: ['read:reports'] } }
  const withApi = { apiResource: 'https://api.app.test', apiPermissions: ['read:notes'] }
  const tenant = () => context.sandbox.tenant
  const ownResource = () =>
    only(tenant().apiResources.filter(({ indicator }) => indicator === withApi.apiResource))
  const expectApi = () => {
    const { scopes } = ownResource()
    expect(scopes.map(({ name }) => name)).toEqual(['read:notes'])
    expect(only(tenant().roles).scopeIds).toEqual(scopes.map(({ id }) => id))
  }

  it.each([
    {
      what: 'an organization',
      wanted: organization,
      requests: 6,
      isMissing() {
        const { organizations, organizationRoles, organizationScopes } = tenant()
        for (const list of [organizations, organizationRoles, organizationScopes]) list.length = 0
      },
      expectThere() {
        expect(only(tenant().organizations).jit.roleIds).toEqual([only(tenant().organizationRoles).id])
      },
    },
    {
      what: 'an API resource',
      wanted: withApi,
      requests: 3,
      isMissing() {
        tenant().apiResources.length = 1
        tenant().roles.length = 0
      },
      expectThere: expectApi,
    },
    {
      what: 'an API resource that has lost its permissions',
      wanted: withApi,
      requests: 2,
      isMissing() {
        ownResource().scopes = []
        only(tenant().roles).scopeIds = []
      },
      expectThere: expectApi,
    },
  ])('run, for $what, broken off at any request, is finished by the next', async (row) => {
    await provision(row.wanted)
    row.isMissing()
    expect(await requestsToApply(row.wanted)).toBe(row.requests)
    for (let n = 1; n <= row.requests; n++) {
      for (const accident of Object.values(BREAKS)) {
        row.isMissing()
        await applyWithAccident(n, accident, row.wanted)
        await expectFinished(row.wanted)
        row.expectThere()
      }
    }
  })

  it('role, made without its permissions as Logto may leave it, is completed', async () => {
    await provision()
    // Logto makes the role and gives it its permissions one after the other, in no transaction.
    const accident = async (forward: () => Promise<Response>) => {
      await forward()
      only(tenant().roles).scopeIds = []
      return new Response(null, { status: 503 })
    }
    await applyWithAccident(3, accident, withApi)
    await expectFinished(withApi)
    expectApi()
  })
})

describe('a run that breaks off while it plans', () => {
  it('plan, any of its requests lost, changes nothing', async () => {
    await plan()
    const count = wire.sent.length
    const before = stateOf(context.sandbox)
    for (let n = 1; n <= count; n += 1) {
      let sent = 0
      wire.intercept = (_sent, forward) => {
        sent += 1
        if (sent === n) throw new TypeError('fetch failed', { cause: new Error('read ECONNRESET') })
        return forward()
      }
      await expect(plan(), `request ${n}`).rejects.toThrow(/does not answer: read ECONNRESET\.\n {2}→ Check/)
      expect(sent).toBe(n)
    }
    expect(stateOf(context.sandbox)).toEqual(before)
  })
})
