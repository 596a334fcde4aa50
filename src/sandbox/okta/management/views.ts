import type { OktaApp, OktaGroup, OktaUser, Org } from '../state.ts'

/** An app as the API shows it, without its secret. */
export function appView(issuer: string, org: Org, app: OktaApp): Record<string, unknown> {
  const { client_secret: _hidden, ...oauthClient } = app.credentials.oauthClient
  return { ...appWithSecret(issuer, org, app), credentials: { ...app.credentials, oauthClient } }
}

/** The same with its secret, as only the answers to making and replacing it have it. */
export function appWithSecret(issuer: string, org: Org, app: OktaApp): Record<string, unknown> {
  const self = `${issuer}/api/v1/apps/${app.id}`
  const next = app.status === 'ACTIVE' ? 'deactivate' : 'activate'
  return {
    ...app,
    features: [],
    universalLogout: {
      status: org.universalLogout.has(app.id) ? 'ENABLED' : 'DISABLED',
      supportType: 'FULL',
      identityStack: 'NOT_SHARED',
      protocol: 'GLOBAL_TOKEN_REVOCATION',
    },
    _links: {
      self: { href: self },
      users: { href: `${self}/users` },
      groups: { href: `${self}/groups` },
      [next]: { href: `${self}/lifecycle/${next}` },
    },
  }
}

export function groupView(issuer: string, group: OktaGroup): Record<string, unknown> {
  const { id, created, lastUpdated, type, profile } = group
  const self = `${issuer}/api/v1/groups/${id}`
  return {
    id,
    created,
    lastUpdated,
    lastMembershipUpdated: lastUpdated,
    objectClass: ['okta:user_group'],
    type,
    profile,
    _links: { self: { href: self }, users: { href: `${self}/users` }, apps: { href: `${self}/apps` } },
  }
}

/** That a group is assigned to an app. */
export function assignmentView(issuer: string, app: OktaApp, group: OktaGroup): Record<string, unknown> {
  const apps = `${issuer}/api/v1/apps/${app.id}`
  return {
    id: group.id,
    // The sandbox does not keep when it was.
    lastUpdated: app.lastUpdated,
    priority: 0,
    profile: {},
    _links: {
      self: { href: `${apps}/groups/${group.id}` },
      app: { href: apps },
      group: { href: `${issuer}/api/v1/groups/${group.id}` },
    },
  }
}

/** That somebody is assigned to an app: by name, or by a group. */
export function appUserView(issuer: string, org: Org, app: OktaApp, person: OktaUser) {
  const apps = `${issuer}/api/v1/apps/${app.id}`
  return {
    id: person.id,
    externalId: null,
    created: app.created,
    lastUpdated: app.lastUpdated,
    scope: org.assignments.get(app.id)?.users.has(person.id) ? 'USER' : 'GROUP',
    status: 'ACTIVE',
    credentials: { userName: person.profile.login },
    profile: {},
    _links: { app: { href: apps }, user: { href: `${issuer}/api/v1/users/${person.id}` } },
  }
}
