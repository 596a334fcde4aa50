import type { CallEnd } from '../../shared/call-app.ts'
import type { Hop, Journey } from '../../shared/pages/journey.ts'
import { FORGERIES } from '../oidc/forgeries.ts'
import { findApplication } from '../state/applications.ts'
import { MANAGEMENT_API } from '../state/management-api.ts'
import type { Tenant, User } from '../state/state.ts'
import { findUser } from '../state/users.ts'
import type { Behaviour } from './behaviour.ts'
import type { SandboxControl } from './control.ts'
import { TENANT_SWITCHES } from './tenant-switches.ts'

const LATEST = 20

interface ControlRoomEvent {
  at: number
  what: string
  answer: string
}

/** What is around Logto, as far as the control room shows it. */
export interface ControlRoomContext {
  /** The Okta accounts, and what each is there to show. */
  accounts: ReadonlyArray<{ email: string; shows: string }>
  okta: { url: string; tiles: () => ReadonlyArray<{ label: string; initiateLoginUri: string }> }
  journey: Journey
}

export interface ControlRoomParts extends ControlRoomContext {
  endpoint: string
  tenant: Tenant
  behaviour: Behaviour
  control: SandboxControl
}

/** What the control room's page shows. */
export function controlRoomLocals(parts: ControlRoomParts) {
  const { tenant, behaviour, control, accounts, okta, journey } = parts
  const sessions = control.sessions().flatMap(({ uid, userId, signedInAt, applications }) => {
    const person = nameOf(findUser(tenant, userId))
    return applications.map(({ appId, sid }) => {
      const application = findApplication(tenant, appId)
      return {
        uid,
        userId,
        sid,
        person,
        application: application?.name ?? appId,
        namesSession: application?.oidcClientMetadata.backchannelLogoutSessionRequired ?? false,
        since: new Date(signedInAt),
      }
    })
  })
  return {
    title: 'Control room',
    wide: true,
    accounts,
    oktaUrl: okta.url,
    settings: settingsOf(parts),
    ...journeyLocals(journey),
    faults: faultsOf(behaviour),
    switches: Object.entries(TENANT_SWITCHES).map(([name, { isOn, turnOn, turnOff }]) => {
      const on = isOn(tenant)
      return { name, to: on ? 'no' : 'yes', words: on ? turnOff : turnOn }
    }),
    people: tenant.users.map((user) => ({ ...user, label: nameOf(user) })),
    sessions,
    forgeries: Object.entries(FORGERIES),
    events: latest(control).map((event) => ({ ...event, at: new Date(event.at) })),
  }
}

/** The hops of the last sign-ins, as the page lists them. */
export function journeyLocals({ hops }: Journey) {
  return { hops: hops.map((hop) => ({ ...hop, at: new Date(hop.at), begins: begins(hop) })) }
}

/** Where one sign-in, or one sign-out, ends and the next begins. */
const begins = ({ server, path, method }: Hop) =>
  method === 'GET' && server === 'logto' && (path === '/oidc/auth' || path === '/oidc/session/end')

/** How the two tenants are wired, a group of names and values each. No secret is among them. */
function settingsOf({ endpoint, tenant, okta }: ControlRoomParts) {
  const groups: Array<{ what: string; values: Array<[name: string, value: string]> }> = []
  for (const { name, type, id, oidcClientMetadata: metadata } of tenant.applications) {
    if (type === 'MachineToMachine') continue
    groups.push({
      what: `Application “${name}” in Logto`,
      values: [
        ['App ID', id],
        ['App secret', SECRET],
        ['Redirect URIs', listed(metadata.redirectUris)],
        ['Post sign-out redirect URIs', listed(metadata.postLogoutRedirectUris)],
        ['Back-channel logout URI', metadata.backchannelLogoutUri ?? NONE],
      ],
    })
  }
  for (const { connectorName, id, domains, config } of tenant.ssoConnectors) {
    groups.push({
      what: `Enterprise connector “${connectorName}” in Logto`,
      values: [
        ['Connector ID', id],
        ['Email domains', listed(domains)],
        ['Issuer', config.issuer ?? NONE],
        ['Client ID', config.clientId ?? NONE],
        ['Client secret', config.clientSecret ? SECRET : NONE],
        ['Scope', config.scope ?? NONE],
        ['Callback, registered in Okta', `${endpoint}/callback/${id}`],
      ],
    })
  }
  for (const { name, indicator, scopes } of tenant.apiResources) {
    if (indicator === MANAGEMENT_API) continue
    groups.push({
      what: `API resource “${name}” in Logto`,
      values: [
        ['API identifier', indicator],
        ['Permissions', listed(scopes.map((scope) => scope.name))],
        ...tenant.roles.map(({ name: role, scopeIds }): [string, string] => [
          `Permissions of the role “${role}”`,
          listed(scopes.filter(({ id }) => scopeIds.includes(id)).map((scope) => scope.name)),
        ]),
      ],
    })
  }
  for (const { name, config, events, event, enabled } of tenant.hooks) {
    groups.push({
      what: `Webhook “${name}” in Logto${enabled ? '' : ', switched off'}`,
      values: [
        ['URL', config.url],
        ['Events', listed(events.length > 0 || event === null ? events : [event])],
        ['Signing key', SECRET],
      ],
    })
  }
  groups.push({
    what: 'Sign-in experience in Logto',
    values: [
      ['Enterprise SSO', tenant.signInExperience.singleSignOnEnabled ? 'on' : 'off'],
      ['Sign-in mode', tenant.signInExperience.signInMode],
    ],
  })
  for (const { label, initiateLoginUri } of okta.tiles()) {
    groups.push({
      what: `Application “${label}” in Okta, with a tile`,
      values: [['Initiate login URI', initiateLoginUri]],
    })
  }
  return groups
}

const SECRET = '(secret)'
const NONE = 'none'
const listed = (values: readonly string[]) => values.join(', ') || NONE

const nameOf = (user: User | undefined) =>
  user ? (user.primaryEmail ?? user.username ?? user.name ?? user.id) : 'somebody'

/** What is wrong with Logto at the moment, a sentence each. */
function faultsOf(behaviour: Behaviour): string[] {
  const { tokenDelay, tokenFailure, refusesRefresh, outage, clockAhead } = behaviour
  return [
    tokenDelay > 0 && `The token endpoint answers ${tokenDelay / 1000} s late.`,
    tokenFailure === 'reset' && 'The token endpoint resets connections.',
    typeof tokenFailure === 'number' && `The token endpoint answers ${tokenFailure}.`,
    refusesRefresh && 'Refresh tokens are refused.',
    outage === 'unavailable' && 'Every path answers 503.',
    outage === 'silent' && 'Connections are taken, and nothing is answered.',
    clockAhead !== 0 && `The clock is ${Math.abs(clockAhead)} s ${clockAhead > 0 ? 'ahead' : 'behind'}.`,
  ].filter((sentence) => sentence !== false)
}

/** The latest first. */
function latest(control: SandboxControl): ControlRoomEvent[] {
  const { tokenRequests, webhookDeliveries, logoutDeliveries, connectorFaults } = control
  const all: ControlRoomEvent[] = [
    ...connectorFaults
      .slice(-LATEST)
      .map(({ at, problem }) => ({ at, what: 'Enterprise sign-in failed', answer: problem })),
    ...tokenRequests.slice(-LATEST).map(({ at, grantType, answer }) => ({
      at,
      what: `Token request, ${grantType || 'of no grant type'}`,
      answer: String(answer),
    })),
    ...webhookDeliveries.slice(-LATEST).map((delivery) => ({
      at: delivery.at,
      what: `Webhook, ${delivery.event}`,
      answer: endOf(delivery),
    })),
    ...logoutDeliveries.slice(-LATEST).map((delivery) => ({
      at: delivery.at,
      what: 'Back-channel logout',
      answer: endOf(delivery),
    })),
  ]
  return all.sort((a, b) => b.at - a.at).slice(0, LATEST)
}

const endOf = ({ status, problem }: CallEnd) => (status === undefined ? `none: ${problem}` : String(status))
