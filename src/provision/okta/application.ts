import { addressesAt } from '../../sso/addresses.ts'
import type { Desired } from '../desired.ts'
import { additions, type Change, replacement, type Step, union } from '../plan.ts'
import { ProvisionError, phrase } from '../problem.ts'
import { addressesOfConnector } from '../providers/provider.ts'
import { known, type Wired } from '../wired.ts'
import type { App } from './answers.ts'
import type { OktaManagement } from './management.ts'

/** How Logto's connector authenticates (RFC 6749 §2.3.1). */
const AUTH_METHOD = 'client_secret_basic'

export type OktaDesired = Desired & { okta: NonNullable<Desired['okta']> }

/**
 * The app that is meant: the one whose client the connector (or the settings) names; else the one that sends people
 * to this connector, which can be no other's.
 *
 * @param connector the connector as far as it is there
 * @throws ProvisionError when it cannot be told which app is meant, or it cannot be used
 */
export async function findApp(
  okta: OktaManagement,
  desired: OktaDesired,
  connector: { id: string; clientId: string | undefined } | undefined,
): Promise<App | undefined> {
  const apps = await okta.apps()
  const clientId = desired.okta.clientId ?? connector?.clientId
  const ofClient = apps.find(({ credentials }) => credentials.oauthClient.client_id === clientId)
  if (desired.okta.clientId && !ofClient) {
    throw new ProvisionError(
      phrase`Okta has no application with the client ID ${desired.okta.clientId}.`,
      phrase`Correct OKTA_CLIENT_ID, or remove it: provision then makes an application.`,
    )
  }
  const found = ofClient ?? (connector && onlyOneSendingTo(connector.id, apps, desired))
  if (!found) return undefined
  const app = await okta.app(found.id)
  assertUsable(app)
  return app
}

function onlyOneSendingTo(connectorId: string, apps: App[], { logto }: Desired): App | undefined {
  const callback = addressesOfConnector(logto.endpoint, connectorId).redirectUri
  const candidates = apps.filter(({ settings }) => settings.oauthClient.redirect_uris?.includes(callback))
  if (candidates.length <= 1) return candidates[0]
  const names = candidates.map(({ id, label }) => `“${label}” (${id})`).join(', ')
  throw new ProvisionError(
    phrase`Okta has several applications with the sign-in redirect URI ${callback}: ${names}.`,
    phrase`Set OKTA_CLIENT_ID to the client ID of the one you mean.`,
  )
}

function assertUsable({ label, status, credentials, settings }: App): void {
  const where = phrase`Okta admin console → Applications → ${label}`
  if (status !== 'ACTIVE') {
    throw new ProvisionError(
      phrase`Okta's application “${label}” is not active (${status}).`,
      phrase`${where} → Activate.`,
    )
  }
  const type = settings.oauthClient.application_type ?? 'web'
  const method = credentials.oauthClient.token_endpoint_auth_method ?? AUTH_METHOD
  if (type !== 'web' || ![AUTH_METHOD, 'client_secret_post'].includes(method)) {
    throw new ProvisionError(
      phrase`Okta's application “${label}” does not fit: its type is ${type} and it authenticates by ${method}; Logto's connector needs a web application with a client secret.`,
      phrase`${where} → General: change it, or remove OKTA_CLIENT_ID: provision then makes one that fits.`,
    )
  }
}

/** The application in Okta: created, or, where it is there already, given what it lacks. */
export function planApp(
  okta: OktaManagement,
  desired: OktaDesired,
  found: App | undefined,
  secretIsGood: boolean,
  wired: Wired,
): Step {
  const { signIn: initiateLogin } = addressesAt(desired.baseUrl)
  const callback = () => addressesOfConnector(desired.logto.endpoint, known(wired, 'connectorId')).redirectUri
  const callbackNow = wired.connectorId
    ? callback()
    : addressesOfConnector(desired.logto.endpoint, "<the connector's ID>").redirectUri
  const use = (app: App) => {
    const { client_id: clientId, client_secret: clientSecret } = app.credentials.oauthClient
    wired.oktaAppId = app.id
    if (clientSecret) wired.oktaClient = { clientId, clientSecret }
    else if (desired.byHand?.clientId === clientId) wired.oktaClient = desired.byHand
    else if (!secretIsGood) throw secretUnknown(app)
  }
  if (!found) {
    return {
      resource: phrase`Okta: application “${desired.appName}”`,
      action: 'create',
      changes: [
        replacement(phrase`type`, undefined, phrase`OIDC web application`),
        additions(phrase`sign-in redirect URIs`, [], [callbackNow]),
        replacement(phrase`initiate login URI`, undefined, initiateLogin),
        replacement(phrase`login initiated by`, undefined, phrase`Okta or the app (SPEC)`),
      ].flat(),
      notes: [],
      async apply() {
        use(
          await okta.createApp({
            label: desired.appName,
            redirectUri: callback(),
            initiateLoginUri: initiateLogin,
          }),
        )
      },
    }
  }
  wired.oktaAppId = found.id
  const { changes, notes } = merge(found, callbackNow, initiateLogin, desired.takeOver)
  // Okta tells a secret only in answer to a change; one that changes nothing will do.
  const askForSecret: Change[] = secretIsGood
    ? []
    : [{ field: phrase`client secret`, to: phrase`read again` }]
  return {
    resource: phrase`Okta: application “${found.label}” (${found.id})`,
    action: changes.length > 0 || !secretIsGood ? 'change' : 'leave',
    changes: [...changes, ...askForSecret],
    notes,
    async apply() {
      use(await okta.replaceApp(merge(found, callback(), initiateLogin, desired.takeOver).app))
    },
  }
}

const secretUnknown = ({ label, credentials }: App) =>
  new ProvisionError(
    phrase`Okta does not tell the client secret of its application “${label}”.`,
    phrase`Copy it (Okta admin console → Applications → ${label} → General) into OKTA_CLIENT_SECRET, and ${credentials.oauthClient.client_id} into OKTA_CLIENT_ID.`,
  )

/** What is there, with what is wanted: lists grow; the tile, with the one address it leads to, only when told to. */
function merge(current: App, callback: string, initiateLogin: string, takeOver: boolean) {
  const { oauthClient } = current.settings
  const { initiate_login_uri: start, idp_initiated_login: idpInitiated } = oauthClient
  const keep = Boolean(start && start !== initiateLogin && !takeOver)
  const redirectUris = oauthClient.redirect_uris ?? []
  const grants = oauthClient.grant_types ?? []
  const responses = oauthClient.response_types ?? []
  const hidden = current.visibility?.hide?.web ?? false
  const { pkce_required: pkce, token_endpoint_auth_method: method } = current.credentials.oauthClient
  const app: App = {
    ...current,
    ...(!keep && {
      visibility: { ...current.visibility, hide: { ...current.visibility?.hide, web: false } },
    }),
    credentials: {
      ...current.credentials,
      oauthClient: {
        ...current.credentials.oauthClient,
        token_endpoint_auth_method: AUTH_METHOD,
        pkce_required: false,
      },
    },
    settings: {
      ...current.settings,
      oauthClient: {
        ...oauthClient,
        redirect_uris: union(redirectUris, [callback]),
        grant_types: union(grants, ['authorization_code']),
        response_types: union(responses, ['code']),
        ...(!keep && {
          initiate_login_uri: initiateLogin,
          idp_initiated_login: { ...idpInitiated, mode: 'SPEC' },
        }),
      },
    },
  }
  const changes: Change[] = [
    additions(phrase`sign-in redirect URIs`, redirectUris, [callback]),
    additions(phrase`grant types`, grants, ['authorization_code']),
    additions(phrase`response types`, responses, ['code']),
    replacement(phrase`client authentication`, method ?? AUTH_METHOD, AUTH_METHOD),
    // Logto's connector sends no code challenge.
    replacement(phrase`PKCE required`, String(pkce ?? false), 'false'),
    ...(keep
      ? []
      : [
          replacement(phrase`initiate login URI`, start ?? undefined, initiateLogin),
          replacement(phrase`login initiated by Okta`, idpInitiated?.mode ?? 'DISABLED', 'SPEC'),
          replacement(phrase`hidden from the dashboard`, String(hidden), 'false'),
        ]),
  ].flat()
  const notes = keep
    ? [
        phrase`the initiate login URI is another's, ${start ?? ''}, and stays: the tile on the dashboard leads there. Replace it with --take-over.`,
      ]
    : []
  return { app, changes, notes }
}
