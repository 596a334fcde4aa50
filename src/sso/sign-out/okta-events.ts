import { z } from 'zod'
import type { EndedBy } from '../../audit/events.ts'
import type { EnterpriseConnector } from '../../settings/config.ts'
import { identityName } from '../company/company-names.ts'
import { isIdentifier } from '../logto/verify/id-token.ts'
import type { CompanyEnding } from './company-endings.ts'

/** The events that somebody has to go by, and what the audit log says of each. */
const endedBy: ReadonlyMap<string, EndedBy> = new Map([
  ['user.lifecycle.deactivate', 'okta_deactivated'],
  ['user.lifecycle.suspend', 'okta_suspended'],
  ['user.lifecycle.delete.initiated', 'okta_deleted'],
  ['user.session.clear', 'okta_session_cleared'],
  ['application.user_membership.remove', 'okta_app_removed'],
])

/** Events of a delivery. The body's limit lets through half as many of Okta's own, and a million that say nothing. */
const most = 10_000
/** Milliseconds that Okta's clock may be behind ours, at most. */
const clockTolerance = 5000

const time = z.string().transform(Date.parse).refine(Number.isFinite).optional().catch(undefined)

/** As much of a delivery as matters here. Each event is read for itself: one that is odd keeps no other from being heeded. */
const deliveryShape = z.object({
  eventTime: time,
  data: z.object({ events: z.array(z.unknown()).max(most) }),
})

/** As much of Okta's LogEvent. */
const eventShape = z.object({
  uuid: z.string().refine(isIdentifier).optional().catch(undefined),
  published: time,
  eventType: z.string(),
  outcome: z.object({ result: z.string() }),
  target: z.array(z.object({ id: z.unknown(), type: z.unknown() })),
})

/** What one event ends. */
export interface OktaEvent {
  /** The event's own name; undefined where it has none. */
  uuid: string | undefined
  endings: CompanyEnding[]
}

/**
 * Reads a delivery of an event hook.
 *
 * @param body what its JSON says
 * @param company whose Okta has sent it: it speaks of its own people only
 * @param now milliseconds since 1970
 * @returns the events that end something; undefined for what is no delivery
 */
export function oktaEvents(
  body: unknown,
  company: EnterpriseConnector,
  now: number,
): OktaEvent[] | undefined {
  const delivery = deliveryShape.safeParse(body).data
  // Our clock is ahead of Okta's by no more than the delivery was under way.
  const ahead = Math.min(Math.max(0, now - (delivery?.eventTime ?? 0)), clockTolerance)
  return delivery?.data.events.flatMap((each) => {
    const event = eventShape.safeParse(each).data
    const by = event && endedBy.get(event.eventType)
    if (!by || event.outcome.result !== 'SUCCESS' || !isOfOurApp(event, company)) return []
    // An event that comes late ends nothing that began after it.
    const begunBy = Math.min(now, (event.published ?? now) + ahead)
    const people = event.target.filter(({ type }) => type === 'User').map(({ id }) => id)
    const endings = people
      .filter(isIdentifier)
      .map((id) => ({ name: identityName(company.issuer, id), begunBy, by }))
    return endings.length > 0 ? [{ uuid: event.uuid, endings }] : []
  })
}

/**
 * Okta names an OpenID Connect app by its client ID. Where that is not in the settings, every app may be ours: who is
 * out by mistake signs in again, and nobody stays who had to go.
 */
function isOfOurApp(
  { eventType, target }: z.output<typeof eventShape>,
  { clientId }: EnterpriseConnector,
): boolean {
  if (eventType !== 'application.user_membership.remove' || clientId === undefined) return true
  return target.some(({ id, type }) => type === 'AppInstance' && id === clientId)
}
