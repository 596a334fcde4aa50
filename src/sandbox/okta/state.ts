import { oktaId } from '../shared/random.ts'
import type { ApplicationType, GrantType, ResponseType, TokenAuthMethod } from './oauth-words.ts'

/** An Okta org much as its Management API shows it: the API edits these very objects. */

/** What a person is at Okta; only an active one is signed in by the sandbox. */
export type UserStatus =
  | 'STAGED'
  | 'PROVISIONED'
  | 'ACTIVE'
  | 'RECOVERY'
  | 'PASSWORD_EXPIRED'
  | 'LOCKED_OUT'
  | 'SUSPENDED'
  | 'DEPROVISIONED'

export interface OktaUser {
  id: string
  status: UserStatus
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

/** An app. Whatever else it was given by the API is kept as it came, so each part may hold more than is named here. */
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
      /** Only where the authentication method needs one; shown by the API when it is made, never when it is read. */
      client_secret?: string
      token_endpoint_auth_method: TokenAuthMethod
      pkce_required: boolean
      [other: string]: unknown
    }
    [other: string]: unknown
  }
  settings: {
    oauthClient: {
      application_type: ApplicationType
      redirect_uris: string[]
      post_logout_redirect_uris: string[]
      response_types: ResponseType[]
      grant_types: GrantType[]
      initiate_login_uri?: string
      [other: string]: unknown
    }
    [other: string]: unknown
  }
  [other: string]: unknown
}

export interface OktaGroup {
  id: string
  type: 'BUILT_IN' | 'OKTA_GROUP'
  created: string
  lastUpdated: string
  profile: { name: string; description: string }
  memberIds: Set<string>
}

/** What an org tells of its events, and whom; `value` of the authentication is never shown. */
export interface EventHook {
  id: string
  name: string
  description: string | null
  status: 'ACTIVE' | 'INACTIVE'
  verificationStatus: 'UNVERIFIED' | 'VERIFIED'
  created: string
  lastUpdated: string
  events: string[]
  config: {
    uri: string
    headers: Array<{ key: string; value: string }>
    authScheme?: { type: 'HEADER'; key: string; value: string } | undefined
  }
}

/** An app's Universal Logout, as it is entered in the console; no API sets it. */
export interface UniversalLogout {
  endpoint: string
  subjectFormat: 'iss_sub' | 'email'
  /** Whether the subject is named as in older versions of the draft. */
  older?: boolean
}

export interface Org {
  id: string
  users: OktaUser[]
  /** Who may use the admin console, by the IDs of people. */
  administrators: Set<string>
  groups: OktaGroup[]
  apps: OktaApp[]
  /** Who may use an app: people one by one, and groups, by app ID. */
  assignments: Map<string, { users: Set<string>; groups: Set<string> }>
  eventHooks: EventHook[]
  /** By app ID. */
  universalLogout: Map<string, UniversalLogout>
  /** Tokens of the Management API, each with the rights of the administrator who made it: event hooks are a super admin's. */
  apiTokens: Array<{ value: string; readOnly: boolean; appsOnly?: boolean }>
}

export const createOrg = (): Org => ({
  id: oktaId('00o'),
  users: [],
  administrators: new Set(),
  groups: [],
  apps: [],
  assignments: new Map(),
  eventHooks: [],
  universalLogout: new Map(),
  apiTokens: [],
})
