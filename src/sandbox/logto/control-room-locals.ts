import { findApplication } from './applications.ts'
import type { Conduct } from './conduct.ts'
import type { SandboxControl } from './control.ts'
import { FORGERIES } from './forgeries.ts'
import type { CallEnd } from './happenings.ts'
import type { Tenant, User } from './state.ts'
import { findUser } from './users.ts'

const LATEST = 20

interface Happening {
  at: number
  what: string
  answer: string
}

/** What the control room's page shows. */
export function controlRoomLocals(tenant: Tenant, conduct: Conduct, control: SandboxControl) {
  const sessions = control.sessions().flatMap(({ uid, userId, signedInAt, applications }) => {
    const person = nameOf(findUser(tenant, userId))
    return applications.map(({ appId, sid }) => ({
      uid,
      userId,
      sid,
      person,
      application: findApplication(tenant, appId)?.name ?? appId,
      since: new Date(signedInAt),
    }))
  })
  return {
    title: 'Control room',
    wide: true,
    faults: faultsOf(conduct),
    people: tenant.users.map((user) => ({ ...user, label: nameOf(user) })),
    sessions,
    forgeries: Object.entries(FORGERIES),
    happenings: latest(control).map((happening) => ({ ...happening, at: new Date(happening.at) })),
  }
}

const nameOf = (user: User | undefined) =>
  user ? (user.primaryEmail ?? user.username ?? user.name ?? user.id) : 'somebody'

/** What is wrong with Logto at the moment, a sentence each. */
function faultsOf(conduct: Conduct): string[] {
  const { tokenDelay, tokenFailure, refusesRefresh, outage, clockAhead } = conduct
  return [
    tokenDelay > 0 && `The token endpoint answers ${tokenDelay / 1000} s late.`,
    tokenFailure === 'reset' && 'The token endpoint resets connections.',
    typeof tokenFailure === 'number' && `The token endpoint answers ${tokenFailure}.`,
    refusesRefresh && 'Refresh tokens are refused.',
    outage === 'unavailable' && 'Every path answers 503.',
    outage === 'silent' && 'Connections are taken, and nothing is answered.',
    clockAhead !== 0 && `The clock is ${Math.abs(clockAhead)} s ${clockAhead > 0 ? 'ahead' : 'behind'}.`,
  ].filter((sentence) => sentence !== false)
}

/** The latest first. */
function latest({ tokenRequests, webhookDeliveries, logoutDeliveries }: SandboxControl): Happening[] {
  const all: Happening[] = [
    ...tokenRequests.slice(-LATEST).map(({ at, grantType, answer }) => ({
      at,
      what: `Token request, ${grantType || 'of no grant type'}`,
      answer: String(answer),
    })),
    ...webhookDeliveries.slice(-LATEST).map((delivery) => ({
      at: delivery.at,
      what: `Webhook, ${delivery.event}`,
      answer: endOf(delivery),
    })),
    ...logoutDeliveries.slice(-LATEST).map((delivery) => ({
      at: delivery.at,
      what: 'Back-channel logout',
      answer: endOf(delivery),
    })),
  ]
  return all.sort((a, b) => b.at - a.at).slice(0, LATEST)
}

const endOf = ({ status, problem }: CallEnd) => (status === undefined ? `none: ${problem}` : String(status))
