import { LogtoRequestError } from '@logto/express'
import type { EndedBy } from '../../audit/events.ts'
import type { AppConfig } from '../../settings/config.ts'
import type { Identities } from '../company/identities.ts'
import { ForeignIdentityError } from '../company/own-domains.ts'
import { type Logto, patience } from '../logto/logto-client.ts'
import type { SessionTokens } from '../logto/session-tokens.ts'
import { isSignedIn, mustRenew, type SignedIn, type StoredSession } from '../session/session-data.ts'
import { lease, type SessionStore, takeLease, whileHolding } from '../session/session-store.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import { heldTokens } from './held-tokens.ts'
import { renewedBy } from './session-from-tokens.ts'

/** How a renewal ended. `kept`: the session goes on, with new tokens or within its grace. */
export type Renewal = { fault?: unknown } & (
  | { kind: 'kept' | 'gone' }
  | { kind: 'ended'; by: EndedBy; session: SignedIn }
)

/** Renews the session of an ID, if its access token has run out or is the one that was refused. */
export type Renew = (id: string, refused?: string) => Promise<Renewal>

/** How long nobody asks again after a failure, in milliseconds; less where the grace is short. */
const rest = (grace: number) => Math.min(10_000, Math.max(250, grace / 10))

/** The same, where Logto has refused an access token, which this session may have no more. */
function isDue(session: SignedIn, refused: string | undefined): boolean {
  const { accessToken, refreshToken } = session.logto
  if (refused === undefined || accessToken !== refused || refreshToken === undefined)
    return mustRenew(session)
  // While renewals fail, the next one is due when they are tried again anyway.
  return session.failingSince === undefined || mustRenew(session)
}

/**
 * Renews the tokens of sessions, each by one request to Logto (RFC 6749 §6), however many requests and processes
 * want it at the same time: the others wait, and use what came of it. Two at once would be worse than slow: a server
 * that rotates refresh tokens takes the second for a theft and ends the grant (RFC 9700 §4.14.2).
 *
 * @returns a function that renews the session of an ID, if its access token has run out or is the one that was
 *   refused; and raises what the store raises
 */
export function renewTokens({
  config,
  logto,
  store,
  identities,
  revoke,
  telemetry,
}: {
  config: AppConfig
  logto: Logto
  identities: Identities
  store: SessionStore
  revoke: (session: { logto?: SessionTokens | undefined }) => void
  telemetry: Telemetry
}): Renew {
  const underWay = new Map<string, Promise<Renewal>>()
  const waitAtMost = patience(config) + lease.lasts

  async function renew(id: string, refused?: string): Promise<Renewal> {
    let outcome: Renewal | undefined
    const turn = await takeLease(store.backend, id, waitAtMost, telemetry, async () => {
      outcome = await alreadyDone(id, refused)
      return outcome !== undefined
    })
    if (turn) return whileHolding(store.backend, turn, () => holding(id, refused))
    return outcome ?? { kind: 'kept' }
  }

  /** @returns the outcome, if somebody else has seen to it */
  async function alreadyDone(id: string, refused?: string): Promise<Renewal | undefined> {
    const session = await store.read(id)
    if (!session || !isSignedIn(session)) return { kind: 'gone' }
    return isDue(session, refused) ? undefined : { kind: 'kept' }
  }

  async function holding(id: string, refused?: string): Promise<Renewal> {
    // Once more: the last owner may have finished between our look and our lease.
    const session = await store.read(id)
    if (!session || !isSignedIn(session)) return { kind: 'gone' }
    if (!isDue(session, refused)) return { kind: 'kept' }
    const renewal = await telemetry
      .span('sso renew tokens', {}, () => askLogto(id, session))
      .catch((fault) => {
        if (fault instanceof ForeignIdentityError) return end(id, session, 'foreign_identity', fault)
        throw fault
      })
    telemetry.count('sso.refreshes', { outcome: outcomeOf(renewal) })
    return renewal
  }

  async function askLogto(id: string, session: SignedIn): Promise<Renewal> {
    // The SDK asks for a new access token when it has none; of one that it has it would go by its own idea.
    const { accessToken: _, ...tokens } = session.logto
    const holder = heldTokens(store, id, tokens)
    try {
      await logto.clientFor({ holder, patient: true }).getAccessToken()
    } catch (fault) {
      return isRefusal(fault) ? end(id, session, 'refresh_refused', fault) : fail(id, session, fault)
    }
    const renewed = renewedBy(holder.logto ?? {}, session, identities)
    if (!renewed) return end(id, session, 'another_person')
    const renewal = await keep(id, ({ failingSince: _, ...kept }) => ({ ...kept, ...renewed }))
    if (renewal.kind === 'gone') revoke({ logto: holder.logto })
    return renewal
  }

  /** Logto gave no answer, or none that can be used: the session goes on for a while, and asks again later. */
  async function fail(id: string, session: SignedIn, fault: unknown): Promise<Renewal> {
    const { refreshGrace } = config.sessions
    const now = Date.now()
    const { failingSince = now } = session
    if (now - failingSince >= refreshGrace) return end(id, session, 'refresh_failed', fault)
    const kept = { failingSince, freshUntil: now + rest(refreshGrace) }
    return { ...(await keep(id, (current) => ({ ...current, ...kept }))), fault }
  }

  async function keep(id: string, change: (session: StoredSession) => StoredSession): Promise<Renewal> {
    return (await store.change(id, change)) ? { kind: 'kept' } : { kind: 'gone' }
  }

  async function end(id: string, session: SignedIn, by: EndedBy, fault?: unknown): Promise<Renewal> {
    const ended = await store.end(id, { quietly: by === 'refresh_refused' })
    return ended ? { kind: 'ended', by, session, fault } : { kind: 'gone' }
  }

  return (id, refused) => {
    const known = underWay.get(id)
    if (known) return known
    const renewal = renew(id, refused).finally(() => underWay.delete(id))
    underWay.set(id, renewal)
    return renewal
  }
}

function outcomeOf(renewal: Renewal): string {
  if (renewal.kind === 'ended') return renewal.by
  if (renewal.fault) return 'failed'
  return renewal.kind === 'kept' ? 'renewed' : renewal.kind
}

/** Logto gives no more tokens for this grant: revoked, the person suspended or deleted, the session ended there. */
export function isRefusal(fault: unknown): boolean {
  return fault instanceof LogtoRequestError && /(^|\.)invalid_grant$/.test(fault.code)
}
