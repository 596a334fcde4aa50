import { oktaId, secret } from '../shared/random.ts'
import type { AppBody } from './management/app-schema.ts'
import type { OktaApp, Org } from './state.ts'

/** What Okta sets itself, whatever a body says. */
const SYSTEM = [
  ...['id', 'status', 'created', 'lastUpdated', 'features', 'orn', '_links', '_embedded'],
  'universalLogout',
]

const SECRET_METHODS = ['client_secret_basic', 'client_secret_post', 'client_secret_jwt']

/** Adds an app with nobody assigned. Its client ID is its own ID where none is given. */
export function addApp(org: Org, body: AppBody, status: OktaApp['status'] = 'ACTIVE'): OktaApp {
  const now = new Date().toISOString()
  const app = appFrom(body, { id: oktaId('0oa'), status, created: now, lastUpdated: now })
  org.apps.push(app)
  org.assignments.set(app.id, { users: new Set(), groups: new Set() })
  return app
}

/** Replaces everything of an app that is not Okta's own; its secret stays where none is given. */
export function replaceApp(app: OktaApp, body: AppBody): OktaApp {
  const { id, status, created } = app
  const lastUpdated = new Date().toISOString()
  const replaced = appFrom(body, { id, status, created, lastUpdated }, app.credentials.oauthClient)
  for (const name of Object.keys(app)) delete app[name]
  return Object.assign(app, replaced)
}

type System = Pick<OktaApp, 'id' | 'status' | 'created' | 'lastUpdated'>

function appFrom(body: AppBody, system: System, known: Partial<Client> = {}): OktaApp {
  const given = Object.fromEntries(Object.entries(body).filter(([name]) => !SYSTEM.includes(name)))
  const { credentials, settings } = body
  return {
    accessibility: { selfService: false, errorRedirectUrl: null, loginRedirectUrl: null },
    ...given,
    ...system,
    name: body.name,
    label: body.label,
    signOnMode: body.signOnMode,
    credentials: {
      userNameTemplate: { template: '$' + '{source.login}', type: 'BUILT_IN' },
      signing: {},
      ...credentials,
      oauthClient: clientFrom(body, system.id, known),
    },
    settings: {
      app: {},
      notifications: { vpn: { network: { connection: 'DISABLED' }, message: null, helpUrl: null } },
      manualProvisioning: false,
      implicitAssignment: false,
      notes: { admin: null, enduser: null },
      ...settings,
      oauthClient: { client_uri: null, logo_uri: null, ...settings.oauthClient },
    },
  }
}

type Client = OktaApp['credentials']['oauthClient']

function clientFrom({ credentials, settings }: AppBody, id: string, known: Partial<Client>): Client {
  const { client_secret: given, ...oauthClient } = credentials.oauthClient
  const { application_type: type } = settings.oauthClient
  const needsSecret = SECRET_METHODS.includes(oauthClient.token_endpoint_auth_method)
  return {
    autoKeyRotation: true,
    ...oauthClient,
    client_id: oauthClient.client_id ?? known.client_id ?? id,
    ...(needsSecret && { client_secret: given ?? known.client_secret ?? secret(64) }),
    pkce_required: oauthClient.pkce_required ?? (type === 'browser' || type === 'native' || !needsSecret),
  }
}
