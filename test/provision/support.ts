import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from 'vitest'
import {
  type Desired,
  type Provisioning,
  type ProvisionOptions,
  planProvisioning,
} from '../../src/provision/provision.ts'
import { type BlankSandbox, type SsoConnector, startBlankSandbox } from '../../src/sandbox/index.ts'
import { managementApiResource } from '../../src/sandbox/logto/state/management-api.ts'
import { faultsIn } from './bodies.ts'

/** Where the app is, as far as the tenants know. */
export const APP = 'https://app.test'

/** Whether the app answers when Okta looks for it; nothing else calls it. */
export const appHost = { isUp: true }

/** The network's edge on the sandbox's side: where the app would be, its answer to Okta's challenge. */
async function toTheApp(input: Parameters<typeof fetch>[0], init?: RequestInit): Promise<Response> {
  const { host, pathname } = new URL(input instanceof Request ? input.url : input)
  const isApp = host === new URL(APP).host || host === 'localhost:3000'
  if (!isApp) return realFetch(input, init)
  if (!appHost.isUp) throw new TypeError('fetch failed', { cause: new Error('nobody is there') })
  const verification = new Headers(init?.headers).get('x-okta-verification-challenge')
  return Response.json({ verification }, { status: pathname.startsWith('/webhooks/okta/') ? 200 : 404 })
}
const realFetch = globalThis.fetch

/** One request that was sent. */
export interface Sent {
  /** Method and path. */
  what: string
  url: URL
  headers: Headers
  /** As parsed from JSON; undefined where there was none. */
  body: unknown
}

type Forward = () => Promise<Response>

/** The network's edge: records every request, and lets a test answer in the server's place. */
export class Wire {
  readonly sent: Sent[] = []
  /** What people were told while they waited. */
  readonly reported: string[] = []
  /** Pauses that were asked for, in seconds; none is taken. */
  readonly pauses: number[] = []
  /** Decides what happens with a request; `forward` is the real network. */
  intercept: (sent: Sent, forward: Forward) => Promise<Response> | Response = (_sent, forward) => forward()

  readonly options: ProvisionOptions = {
    send: async (input, init) => {
      const request = new Request(input, init)
      const text = await request.clone().text()
      const url = new URL(request.url)
      const json = request.headers.get('content-type')?.startsWith('application/json') && text !== ''
      const sent: Sent = {
        what: `${request.method} ${url.pathname}`,
        url,
        headers: request.headers,
        body: json ? JSON.parse(text) : undefined,
      }
      this.sent.push(sent)
      return this.intercept(sent, () => fetch(request))
    },
    report: (line) => this.reported.push(line.en),
    pause: async (milliseconds) => this.pauses.push(milliseconds / 1000),
  }

  /** Answers requests of this method and path in the server's place. */
  answer(what: string, answer: () => Response | Promise<Response>): void {
    this.intercept = (sent, forward) => (sent.what === what ? answer() : forward())
  }

  /** Requests that change something. */
  get changes(): Sent[] {
    return this.sent.filter(isChange)
  }

  reset(): void {
    this.sent.length = 0
    this.reported.length = 0
    this.pauses.length = 0
    this.intercept = (_sent, forward) => forward()
  }
}

export const isChange = ({ what }: Sent): boolean =>
  !what.startsWith('GET ') && what !== 'POST /oidc/token' && what !== 'POST /oauth2/v1/token'

export interface Context {
  sandbox: BlankSandbox
  wire: Wire
  /** What a first run wants of the sandbox, except for what is given. */
  desired: (changes?: Partial<Desired>) => Desired
  plan: (changes?: Partial<Desired>) => Promise<Provisioning>
  /** Plans and applies. */
  provision: (changes?: Partial<Desired>) => Promise<Provisioning>
  /** Plans what is to fail, and gives the words; it is an error if anything was changed. */
  refusal: (changes?: Partial<Desired>) => Promise<string>
}

/** Starts a sandbox around a file's tests, blank again before each of them. */
export function blankForTests({ onlyOurBodies = true } = {}): Context {
  const wire = new Wire()
  const context = { wire } as Context
  context.desired = (changes = {}) => ({ ...firstRun(context.sandbox), ...changes })
  context.plan = (changes) => planProvisioning(context.desired(changes), wire.options)
  context.provision = async (changes) => {
    const provisioning = await context.plan(changes)
    await provisioning.apply()
    return provisioning
  }
  context.refusal = async (changes) => {
    const before = stateOf(context.sandbox)
    const error = await context.plan(changes).then(
      () => undefined,
      (reason: unknown) => reason,
    )
    expect(error, 'no refusal').toMatchObject({ name: 'ProvisionError' })
    expect(stateOf(context.sandbox)).toEqual(before)
    expect(wire.changes).toEqual([])
    const { message } = error as Error
    expectNoSecret(context.sandbox, message)
    expect(message).toMatch(/\n {2}→ ./)
    return message
  }
  beforeAll(async () => {
    vi.stubGlobal('fetch', toTheApp)
    context.sandbox = await startBlankSandbox({ logtoPort: 0, oktaPort: 0 })
  })
  afterAll(async () => {
    vi.unstubAllGlobals()
    await context.sandbox.close()
  })
  beforeEach(() => {
    blank(context.sandbox)
    wire.reset()
    appHost.isUp = true
  })
  afterEach(() => {
    const managed = wire.sent.filter(({ what }) => what.includes(' /api/'))
    if (onlyOurBodies) expect(managed.flatMap(({ what, body }) => faultsIn(what, body))).toEqual([])
    expectNoSecret(context.sandbox, wire.reported.join('\n'))
  })
  return context
}

function firstRun({ logto, okta, domain, group }: BlankSandbox): Desired {
  return {
    baseUrl: APP,
    appName: 'Our app',
    logto,
    application: { id: undefined, secret: undefined },
    connector: { name: 'Acme', domains: [domain], scopes: [] },
    issuer: okta.issuer,
    okta: { orgUrl: okta.orgUrl, apiToken: okta.apiToken, clientId: undefined },
    group,
    byHand: undefined,
    apiResource: undefined,
    apiPermissions: [],
    offlineAccess: true,
    companyHookKey: 'a key of thirty-two characters or so',
    webhooks: true,
    takeOver: false,
  }
}

/** As on the first day. */
function blank({ logto, okta, tenant, org }: BlankSandbox): void {
  const machines = tenant.applications.filter(({ id }) => id === logto.appId)
  for (const machine of machines) Object.assign(machine, { type: 'MachineToMachine', isAdmin: true })
  tenant.applications = machines
  tenant.ssoConnectors = []
  tenant.hooks = []
  tenant.users = []
  tenant.apiResources = [managementApiResource()]
  tenant.roles = []
  // Its routes hold these.
  for (const list of [tenant.organizations, tenant.organizationRoles, tenant.organizationScopes])
    list.length = 0
  tenant.signInExperience.singleSignOnEnabled = false
  Object.assign(tenant.idToken, {
    enabledExtendedClaims: ['roles', 'organizations', 'organization_roles'],
    isInPlan: true,
  })
  org.eventHooks = []
  org.universalLogout.clear()
  org.apps = []
  org.assignments.clear()
  org.apiTokens = [{ value: okta.apiToken, readOnly: false }]
}

/** Somebody else's connector. */
export function addConnector({ tenant }: BlankSandbox, changes: Partial<SsoConnector>): SsoConnector {
  const connector: SsoConnector = {
    tenantId: 'default',
    id: 'another-one',
    providerName: 'Okta',
    connectorName: 'Another',
    config: {},
    domains: [],
    branding: {},
    syncProfile: false,
    enableTokenStorage: false,
    createdAt: 0,
    ...changes,
  }
  tenant.ssoConnectors.push(connector)
  return connector
}

/** What somebody enters in Okta's console for an application, here through its API. */
export async function enterAtOkta({ okta: { orgUrl, apiToken } }: BlankSandbox, redirectUri: string) {
  const oauthClient = { redirect_uris: [redirectUri], grant_types: ['authorization_code'] }
  const response = await fetch(`${orgUrl}/api/v1/apps`, {
    method: 'POST',
    headers: { authorization: `SSWS ${apiToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      ...{ name: 'oidc_client', label: 'By hand', signOnMode: 'OPENID_CONNECT' },
      credentials: {
        oauthClient: { token_endpoint_auth_method: 'client_secret_basic', pkce_required: false },
      },
      settings: { oauthClient: { ...oauthClient, application_type: 'web', response_types: ['code'] } },
    }),
  })
  const { credentials } = (await response.json()) as { credentials: { oauthClient: Record<string, string> } }
  const { client_id: clientId = '', client_secret: clientSecret = '' } = credentials.oauthClient
  return { clientId, clientSecret }
}

/** Everything both tenants hold, as it is now. */
export const stateOf = ({ tenant, org }: BlankSandbox) => structuredClone({ tenant, org })

/** Every secret of the sandbox, whoever's. */
export function secretsOf({ logto, okta, tenant, org }: BlankSandbox): string[] {
  return [
    logto.appSecret,
    okta.apiToken,
    ...tenant.applications.flatMap(({ secrets }) => secrets.map(({ value }) => value)),
    ...tenant.ssoConnectors.map(({ config }) => config.clientSecret),
    ...tenant.hooks.map(({ signingKey }) => signingKey),
    ...org.apps.map(({ credentials }) => credentials.oauthClient.client_secret),
    ...org.eventHooks.map(({ config }) => config.authScheme?.value),
  ].filter((secret) => secret !== undefined)
}

export function expectNoSecret(sandbox: BlankSandbox, text: string): void {
  for (const secret of secretsOf(sandbox)) expect(text).not.toContain(secret)
  expect(text).not.toMatch(/eyJ[\w-]+\.|SSWS \w|Bearer \w/)
}

/** The applications of the tenant but for the one that may manage it. */
export const applicationsOf = ({ tenant, logto }: BlankSandbox) =>
  tenant.applications.filter(({ id }) => id !== logto.appId)

/** The only entry of a list; it is an error if there are none or more. */
export function only<T>(list: readonly T[]): T {
  expect(list).toHaveLength(1)
  return list[0] as T
}

/** What a plan does, step by step: `create`, `change` or `leave`. */
export const actionsOf = ({ steps }: Provisioning): string[] => steps.map(({ action }) => action)

/** Steps with something to do: what it is about, and every change in one line each. */
export const toDo = ({ steps }: Provisioning): Record<string, string[]> =>
  Object.fromEntries(
    steps
      .filter(({ action }) => action !== 'leave')
      .map(({ resource, changes }) => [
        resource.en.replace(/ \([\w-]+\)$/, ''),
        changes.map((change) =>
          'add' in change
            ? `${change.field} + ${change.add.join(' ')}`
            : `${change.field}: ${change.from ?? ''} → ${change.to}`,
        ),
      ]),
  )

/** Every note of a plan. */
export const notesOf = ({ steps }: Provisioning): string[] =>
  steps.flatMap(({ notes }) => notes.map(({ en }) => en))
