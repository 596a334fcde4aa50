import type { Telling } from '../../okta/leaving/leave.ts'
import { findPerson } from '../../okta/people.ts'
import type { OktaUser, Org } from '../../okta/state.ts'
import { textOf } from '../../shared/pages/text-of.ts'
import type { ControlRoomParts, Section } from '../section.ts'

/** By which ways Okta tells the app. */
const WAYS: Record<string, Pick<Telling, 'eventHook' | 'universalLogout'>> = {
  both: { eventHook: true, universalLogout: true },
  'event-hook': { eventHook: true, universalLogout: false },
  'universal-logout': { eventHook: false, universalLogout: true },
  neither: { eventHook: false, universalLogout: false },
}
/** Seconds after which it does. */
const DELAYS = [0, 5, 30]
const SHOWN = 10

/** What puts people back into the groups and assignments that were taken from them. */
const taken = new WeakMap<OktaUser, Array<() => unknown>>()

type Act = (parts: ControlRoomParts['okta'], person: OktaUser, telling: Telling) => Promise<unknown>

const ACTS: Record<string, Act> = {
  'okta-deactivate': ({ leaving }, person, telling) => leaving.deactivate(person, telling),
  'okta-suspend': ({ leaving }, person, telling) => leaving.suspend(person, telling),
  'okta-clear-sessions': ({ leaving }, person, telling) => leaving.clearSessions(person, telling),
  'okta-take-away': ({ org, leaving }, person, telling) =>
    leaving.changeMembership(person, () => taken.set(person, takeApps(org, person)), telling),
  async 'okta-restore'({ leaving }, person) {
    if (person.status !== 'ACTIVE') await leaving.restore(person)
    await leaving.changeMembership(person, () => {
      for (const giveBack of taken.get(person) ?? []) giveBack()
    })
    taken.delete(person)
  },
}

/** People who leave the company at Okta, and by which way the app learns of it. */
export const leaving: Section = {
  id: 'leaving',
  locals: ({ okta: { org, leaving } }) => ({
    people: org.users.map((person) => ({
      id: person.id,
      login: person.profile.login,
      status: person.status,
      isGone: person.status !== 'ACTIVE' || taken.has(person),
    })),
    ways: Object.keys(WAYS),
    delays: DELAYS,
    deliveries: leaving.deliveries.slice(-SHOWN).reverse(),
  }),
  actions: Object.fromEntries(
    Object.entries(ACTS).map(([name, act]) => [
      name,
      async ({ okta }: ControlRoomParts, form: unknown) => {
        const person = findPerson(okta.org, textOf(form, 'person'))
        if (!person) throw new Error('Okta has no such person any more.')
        const late = Number(textOf(form, 'late')) * 1000 || 0
        const done = act(okta, person, { ...(WAYS[textOf(form, 'way')] ?? WAYS.both), late } as Telling)
        // What comes late is not waited for: the page shows it once it has come.
        if (late === 0) await done
      },
    ]),
  ),
}

/** @returns what gives each of them back */
function takeApps(org: Org, person: OktaUser): Array<() => unknown> {
  return [...org.assignments.values()].flatMap(({ users, groups }) => [
    ...(users.delete(person.id) ? [() => users.add(person.id)] : []),
    ...org.groups
      .filter(({ id, memberIds }) => groups.has(id) && memberIds.delete(person.id))
      .map(
        ({ memberIds }) =>
          () =>
            memberIds.add(person.id),
      ),
  ])
}
