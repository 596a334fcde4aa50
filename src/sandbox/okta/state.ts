import { oktaId } from '../shared/random.ts'

/** An Okta org as its Management API shows it, so that the API can later edit these very objects. */

export interface OktaUser {
  id: string
  status: 'ACTIVE' | 'SUSPENDED' | 'DEPROVISIONED'
  created: string
  lastUpdated: string
  profile: {
    login: string
    email: string
    firstName: string
    lastName: string
    displayName: string
    locale: string
    timeZone: string
  }
  passwordHash: string
  /** What Okta says of the address; absent, it says nothing. */
  emailVerified?: boolean
}

export interface OktaApp {
  id: string
  name: 'oidc_client'
  label: string
  status: 'ACTIVE' | 'INACTIVE'
  signOnMode: 'OPENID_CONNECT'
  created: string
  lastUpdated: string
  credentials: {
    oauthClient: {
      client_id: string
      client_secret: string
      token_endpoint_auth_method: 'client_secret_basic' | 'client_secret_post'
    }
  }
  settings: {
    oauthClient: {
      application_type: 'web'
      redirect_uris: string[]
      post_logout_redirect_uris: string[]
      response_types: Array<'code'>
      grant_types: Array<'authorization_code' | 'refresh_token'>
      initiate_login_uri?: string
    }
  }
}

export interface OktaGroup {
  id: string
  type: 'BUILT_IN' | 'OKTA_GROUP'
  profile: { name: string; description: string }
  memberIds: Set<string>
}

export interface Org {
  id: string
  users: OktaUser[]
  groups: OktaGroup[]
  apps: OktaApp[]
  /** Who may use an app: people one by one, and groups, by app ID. */
  assignments: Map<string, { users: Set<string>; groups: Set<string> }>
}

export const createOrg = (): Org => ({
  id: oktaId('00o'),
  users: [],
  groups: [],
  apps: [],
  assignments: new Map(),
})
