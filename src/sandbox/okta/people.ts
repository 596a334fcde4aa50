import { passwordMatches } from '../shared/password.ts'
import { findAppOfClient } from './clients.ts'
import type { OktaUser, Org } from './state.ts'

export function findPerson(org: Org, id: string): OktaUser | undefined {
  return org.users.find((user) => user.id === id)
}

export function isActivePerson(org: Org, id: string): boolean {
  return findPerson(org, id)?.status === 'ACTIVE'
}

/** The person behind a username and password; nothing for a wrong password and for a deactivated account alike. */
export async function signInPerson(
  org: Org,
  username: string,
  password: string,
): Promise<OktaUser | undefined> {
  const login = username.trim().toLowerCase()
  const person = org.users.find((user) => user.profile.login.toLowerCase() === login)
  const matches = await passwordMatches(password, person?.passwordHash)
  return matches && person?.status === 'ACTIVE' ? person : undefined
}

/** Whether the person may use the app, by name or through a group. */
export function isAssigned(org: Org, clientId: string, personId: string): boolean {
  const app = findAppOfClient(org, clientId)
  const assigned = app && org.assignments.get(app.id)
  if (!assigned) return false
  const throughGroup = org.groups.some(
    ({ id, memberIds }) => assigned.groups.has(id) && memberIds.has(personId),
  )
  return assigned.users.has(personId) || throughGroup
}
