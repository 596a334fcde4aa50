import { DOMAIN, fillDirectory } from './company.ts'
import { connectorById } from './logto/connector/connectors.ts'
import type { SsoConnector, Tenant } from './logto/state/state.ts'
import { addApp } from './okta/apps.ts'
import { parseApp } from './okta/management/app-schema.ts'
import { createOktaApp } from './okta/server.ts'
import { createOrg } from './okta/state.ts'
import type { CallLog } from './shared/call-log.ts'
import { listenOnLoopback } from './shared/listen.ts'
import type { LoginHints } from './shared/login-hints.ts'
import { words } from './shared/pages/page-words.ts'
import { logtoId } from './shared/random.ts'

const BETA = 'beta.example'
/** Whose address the other company's Okta gives out. */
const ASSERTS = `employee@${DOMAIN}`

/** Another company at the same Logto, whose Okta gives out an address of the first one. */
export interface SecondCompany {
  /** Its Okta, and the issuer of its connector. */
  okta: string
  connectorId: string
  /** Leads to its Okta from Logto's sign-in page. */
  email: string
  /** Signs in there, with the password of all. */
  login: string
  /** The address that its Okta gives out for that person. */
  asserts: string
  close(): Promise<void>
}

export interface SecondCompanyParts {
  endpoint: string
  tenant: Tenant
  password: string
  callLog: CallLog
  loginHints: LoginHints
}

/** Starts the Okta of another company on any free port, and gives it a connector; the app is told of neither. */
export async function startSecondCompany(parts: SecondCompanyParts): Promise<SecondCompany> {
  const { endpoint, tenant, password, callLog, loginHints } = parts
  const listening = await listenOnLoopback(0)
  const okta = `http://localhost:${listening.port}`
  const connectorId = logtoId()
  const org = createOrg()
  await fillDirectory(org, password)
  const login = `mallory@${BETA}`
  org.users.splice(1)
  for (const { profile } of org.users) Object.assign(profile, { login, email: ASSERTS })
  const client = addClient(org, `${endpoint}/callback/${connectorId}`)
  const shows = { en: words.en('second_company.lead'), ja: words.ja('second_company.lead') }
  const directory = { accounts: [{ email: login, shows }], password }
  const { app } = await createOktaApp(okta, org, callLog, { directory, loginHints })
  listening.handle(app)
  const connector: SsoConnector = {
    ...{ tenantId: tenant.id, id: connectorId, providerName: 'Okta', connectorName: 'Okta Beta' },
    config: { issuer: okta, ...client },
    ...{
      domains: [BETA],
      branding: {},
      syncProfile: false,
      enableTokenStorage: false,
      createdAt: Date.now(),
    },
  }
  tenant.ssoConnectors.push(connector)
  if (!connectorById(tenant, connectorId)) tenant.signInExperience.singleSignOnEnabled = true
  const email = `anybody@${BETA}`
  return { okta, connectorId, email, login, asserts: ASSERTS, close: () => listening.close() }
}

/** Takes what the other company's Okta has said out of the accounts again. */
export function forgetIdentities({ users }: Tenant, { connectorId }: SecondCompany): void {
  for (const user of users) {
    user.ssoIdentities = user.ssoIdentities.filter(({ ssoConnectorId }) => ssoConnectorId !== connectorId)
  }
}

function addClient(org: ReturnType<typeof createOrg>, redirectUri: string) {
  const parsed = parseApp({
    ...{ name: 'oidc_client', label: 'Express app', signOnMode: 'OPENID_CONNECT' },
    credentials: { oauthClient: { pkce_required: false } },
    settings: {
      oauthClient: {
        redirect_uris: [redirectUri],
        response_types: ['code'],
        grant_types: ['authorization_code'],
      },
    },
  })
  if ('faults' in parsed) throw new Error('the other company’s app is not one')
  const app = addApp(org, parsed.app)
  for (const { id } of org.users) org.assignments.get(app.id)?.users.add(id)
  const { client_id: clientId, client_secret: clientSecret = '' } = app.credentials.oauthClient
  return { clientId, clientSecret }
}
