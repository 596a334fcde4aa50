import { isSaml } from '../../logto/connector/kinds.ts'
import { serviceProviderOf } from '../../logto/connector/saml/request.ts'
import type { ConnectorConfig } from '../../logto/state/connector.ts'
import { MANAGEMENT_API } from '../../logto/state/management-api.ts'
import { membersOf } from '../../logto/state/organizations.ts'
import type { Tenant } from '../../logto/state/state.ts'
import { tilesOf } from '../../okta/tiles.ts'
import type { ControlRoomParts, Section } from '../section.ts'

/** How the two tenants are set up. No secret is among it. */
export const wiring: Section = {
  id: 'wiring',
  locals: (parts) => ({
    groups: [
      ...applications(parts),
      ...connectors(parts),
      ...organizations(parts),
      ...apiResources(parts),
      ...hooks(parts),
      signInExperience(parts),
      ...tiles(parts),
    ],
  }),
}

/** What a value is called: words, and the name in them. */
type Named = [words: string, value: string, name?: string]

/** Names and values of one thing: its words, and what it is called. */
interface Group {
  words: string
  name?: string
  values: Named[]
}

const applications = ({ tenant }: ControlRoomParts): Group[] =>
  tenant.applications
    .filter(({ type }) => type !== 'MachineToMachine')
    .map(({ name, id, oidcClientMetadata: metadata }) => ({
      words: 'application',
      name,
      values: [
        ['app_id', id],
        ['app_secret', SECRET],
        ['redirect_uris', listed(metadata.redirectUris)],
        ['post_sign_out', listed(metadata.postLogoutRedirectUris)],
        ['back_channel', metadata.backchannelLogoutUri ?? NONE],
      ],
    }))

const connectors = ({ tenant, endpoint }: ControlRoomParts): Group[] =>
  tenant.ssoConnectors.map(({ connectorName: name, id, domains, config, providerName }) => ({
    words: 'connector',
    name,
    values: [
      ['connector_id', id],
      ['domains', listed(domains)],
      ...(isSaml({ providerName }) ? samlValues(endpoint, id, config) : openIdValues(endpoint, id, config)),
    ],
  }))

const organizations = ({ tenant }: ControlRoomParts): Group[] =>
  tenant.organizations.map(({ id, name, jit }) => ({
    words: 'organization',
    name,
    values: [
      ['organization_id', id],
      ['joins_through', listed(jit.ssoConnectorIds.map((each) => nameOfConnector(tenant, each)))],
      ['members', listed(membersOf(tenant, id).map(({ user }) => user.primaryEmail ?? user.id))],
    ],
  }))

const nameOfConnector = ({ ssoConnectors }: Tenant, id: string) =>
  ssoConnectors.find((each) => each.id === id)?.connectorName ?? id

const openIdValues = (endpoint: string, id: string, config: ConnectorConfig): Named[] => [
  ['issuer', config.issuer ?? NONE],
  ['client_id', config.clientId ?? NONE],
  ['client_secret', config.clientSecret ? SECRET : NONE],
  ['scope', config.scope ?? NONE],
  ['callback', `${endpoint}/callback/${id}`],
]

function samlValues(endpoint: string, id: string, { metadataUrl, entityId }: ConnectorConfig): Named[] {
  const { entityId: own, assertionConsumerServiceUrl } = serviceProviderOf(endpoint, id)
  return [
    ['metadata', metadataUrl ?? entityId ?? NONE],
    ['entity_id', own],
    ['consumer', assertionConsumerServiceUrl],
  ]
}

const apiResources = ({ tenant }: ControlRoomParts): Group[] =>
  tenant.apiResources
    .filter(({ indicator }) => indicator !== MANAGEMENT_API)
    .map(({ name, indicator, scopes }) => ({
      words: 'api_resource',
      name,
      values: [
        ['identifier', indicator],
        ['permissions', listed(scopes.map((scope) => scope.name))],
        ...tenant.roles.map(({ name: role, scopeIds }): Named => {
          const theirs = scopes.filter(({ id }) => scopeIds.includes(id))
          return ['role', listed(theirs.map((scope) => scope.name)), role]
        }),
      ],
    }))

const hooks = ({ tenant }: ControlRoomParts): Group[] =>
  tenant.hooks.map(({ name, config, events, event, enabled }) => ({
    words: enabled ? 'webhook' : 'webhook_off',
    name,
    values: [
      ['url', config.url],
      ['events', listed(events.length > 0 || event === null ? events : [event])],
      ['signing_key', SECRET],
    ],
  }))

const signInExperience = ({ tenant }: ControlRoomParts): Group => ({
  words: 'experience',
  values: [
    ['enterprise_sso', tenant.signInExperience.singleSignOnEnabled ? ON : OFF],
    ['mode', tenant.signInExperience.signInMode],
  ],
})

const tiles = ({ okta }: ControlRoomParts): Group[] =>
  tilesOf(okta.org).map(({ label: name, initiateLoginUri }) => ({
    words: 'tile',
    name,
    values: [['initiate', initiateLoginUri]],
  }))

/** These are said in words, below `wiring.values`; every other value stands as it is. */
const [SECRET, NONE, ON, OFF] = ['(secret)', '(none)', '(on)', '(off)']

const listed = (values: readonly string[]) => values.join(', ') || NONE
