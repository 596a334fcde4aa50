import { isAssigned } from './people.ts'
import type { OktaApp, Org } from './state.ts'

/** An app that can be started at Okta. */
export interface Tile {
  appId: string
  label: string
  /** Where a click leads, by way of Okta (OpenID Connect Core 1.0 §4). */
  initiateLoginUri: string
}

/** The apps that Okta would show: active, not hidden, and with a start of their own. */
export function tilesOf(org: Org): Tile[] {
  return org.apps.flatMap((app) => {
    const { initiate_login_uri: initiateLoginUri, idp_initiated_login: idpInitiated } =
      app.settings.oauthClient
    const mode = (idpInitiated as { mode?: string } | undefined)?.mode ?? 'DISABLED'
    const isShown = app.status === 'ACTIVE' && mode !== 'DISABLED' && !isHidden(app)
    return isShown && initiateLoginUri ? [{ appId: app.id, label: app.label, initiateLoginUri }] : []
  })
}

/** Of those, the ones a person may use. */
export function tilesFor(org: Org, personId: string): Tile[] {
  return tilesOf(org).filter(({ appId }) => {
    const clientId = org.apps.find(({ id }) => id === appId)?.credentials.oauthClient.client_id ?? ''
    return isAssigned(org, clientId, personId)
  })
}

function isHidden({ visibility }: OktaApp): boolean {
  return (visibility as { hide?: { web?: boolean } } | undefined)?.hide?.web === true
}
