import { randomUUID } from 'node:crypto'
import { oktaId } from '../../shared/random.ts'
import type { OktaApp, OktaUser } from '../state.ts'

/** The events that the sandbox's Okta has, of all that can be told by an event hook. */
export const EVENT_TYPES = [
  'user.lifecycle.activate',
  'user.lifecycle.deactivate',
  'user.lifecycle.suspend',
  'user.lifecycle.unsuspend',
  'user.lifecycle.delete.initiated',
  'user.session.start',
  'user.session.end',
  'user.session.clear',
  'application.user_membership.add',
  'application.user_membership.remove',
] as const

export type EventType = (typeof EVENT_TYPES)[number]

/** One entry of the System Log. */
export interface LogEvent {
  uuid: string
  published: string
  eventType: EventType
  [other: string]: unknown
}

/**
 * Something that happened to a person, as the System Log has it.
 *
 * @param app the one it is about, where it is about one
 */
export function logEvent(eventType: EventType, person: OktaUser, app?: OktaApp): LogEvent {
  const user = targetOf(person.id, 'User', person.profile.login, person.profile.displayName)
  const target = app
    ? [
        targetOf(oktaId('0ua'), 'AppUser', person.profile.login, person.profile.displayName),
        targetOf(app.id, 'AppInstance', app.label, app.label),
        user,
      ]
    : [user]
  return {
    uuid: randomUUID(),
    published: new Date().toISOString(),
    eventType,
    version: '0',
    severity: 'INFO',
    displayMessage: eventType,
    legacyEventType: null,
    actor: targetOf('sandbox', 'SystemPrincipal', 'system@okta.com', 'Okta System'),
    client: null,
    outcome: { result: 'SUCCESS', reason: null },
    target,
    transaction: { type: 'JOB', id: randomUUID(), detail: {} },
    debugContext: { debugData: {} },
    authenticationContext: { authenticationStep: 0, externalSessionId: 'unknown' },
    securityContext: {},
    request: { ipChain: [] },
  }
}

const targetOf = (id: string, type: string, alternateId: string, displayName: string) => ({
  id,
  type,
  alternateId,
  displayName,
  detailEntry: null,
})
