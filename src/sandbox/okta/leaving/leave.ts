import { setTimeout as wait } from 'node:timers/promises'
import { findPerson, isAssigned } from '../people.ts'
import type { OktaApp, OktaUser } from '../state.ts'
import { type Caller, type OktaDelivery, tellHooks } from './event-hooks.ts'
import { type EventType, logEvent } from './log-event.ts'
import { logOutEverywhere, type SigningKey } from './universal-logout.ts'

/** By which ways the app is told, and when. */
export interface Telling {
  eventHook: boolean
  universalLogout: boolean
  /** Milliseconds after it happened. */
  late: number
}

/** What happens to people at Okta. Each is done at once, and gives how the calls to the app ended. */
export interface Leaving {
  deactivate(person: OktaUser, telling?: Partial<Telling>): Promise<OktaDelivery[]>
  suspend(person: OktaUser, telling?: Partial<Telling>): Promise<OktaDelivery[]>
  /** Takes a suspension or a deactivation back. */
  restore(person: OktaUser): Promise<OktaDelivery[]>
  /** Deletes somebody who is deactivated. */
  delete(person: OktaUser): Promise<OktaDelivery[]>
  clearSessions(person: OktaUser, telling?: Partial<Telling>): Promise<OktaDelivery[]>
  /** Does something about who may use which app, and tells of each app what came of it for a person. */
  changeMembership(person: OktaUser, change: () => void, telling?: Partial<Telling>): Promise<OktaDelivery[]>
  /** How all calls ended, in the order they did. */
  readonly deliveries: readonly OktaDelivery[]
}

export interface LeavingParts extends Caller {
  key: SigningKey
  /** Ends the person's sessions and grants at Okta. */
  endSessions(personId: string): void
}

const KEPT = 1000

/** The events with which Okta also calls Universal Logout; a lost membership is none of them. */
const UNIVERSAL: readonly EventType[] = [
  'user.lifecycle.deactivate',
  'user.lifecycle.suspend',
  'user.lifecycle.delete.initiated',
  'user.session.clear',
]

export function createLeaving(parts: LeavingParts): Leaving {
  const { org, key, endSessions } = parts
  const deliveries: OktaDelivery[] = []

  async function tell(type: EventType, person: OktaUser, telling: Partial<Telling> = {}, app?: OktaApp) {
    const { eventHook = true, universalLogout = UNIVERSAL.includes(type), late = 0 } = telling
    const event = logEvent(type, person, app)
    if (late > 0) await wait(late, undefined, { ref: false })
    const ended = await Promise.all([
      eventHook ? tellHooks(parts, event) : [],
      universalLogout ? logOutEverywhere(parts, key, person, Date.parse(event.published)) : [],
    ])
    deliveries.push(...ended.flat())
    deliveries.splice(0, deliveries.length - KEPT)
    return ended.flat()
  }
  const setStatus = (person: OktaUser, status: OktaUser['status']) => {
    person.status = status
    person.lastUpdated = new Date().toISOString()
    if (status !== 'ACTIVE') endSessions(person.id)
  }

  return {
    async deactivate(person, telling) {
      setStatus(person, 'DEPROVISIONED')
      return tell('user.lifecycle.deactivate', person, telling)
    },
    async suspend(person, telling) {
      setStatus(person, 'SUSPENDED')
      return tell('user.lifecycle.suspend', person, telling)
    },
    async restore(person) {
      const type = person.status === 'SUSPENDED' ? 'user.lifecycle.unsuspend' : 'user.lifecycle.activate'
      setStatus(person, 'ACTIVE')
      return tell(type, person)
    },
    async delete(person) {
      if (findPerson(org, person.id)) org.users.splice(org.users.indexOf(person), 1)
      for (const { memberIds } of org.groups) memberIds.delete(person.id)
      for (const { users } of org.assignments.values()) users.delete(person.id)
      endSessions(person.id)
      return tell('user.lifecycle.delete.initiated', person)
    },
    async clearSessions(person, telling) {
      endSessions(person.id)
      return tell('user.session.clear', person, telling)
    },
    async changeMembership(person, change, telling) {
      const appsNow = () =>
        org.apps.filter(({ credentials }) => isAssigned(org, credentials.oauthClient.client_id, person.id))
      const before = appsNow()
      change()
      const after = appsNow()
      const lost = before.filter((app) => !after.includes(app))
      const gained = after.filter((app) => !before.includes(app))
      const deliveries = await Promise.all([
        ...lost.map((app) => tell('application.user_membership.remove', person, telling, app)),
        ...gained.map((app) =>
          tell('application.user_membership.add', person, { universalLogout: false }, app),
        ),
      ])
      return deliveries.flat()
    },
    deliveries,
  }
}
