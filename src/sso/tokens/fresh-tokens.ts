import { isDeepStrictEqual } from 'node:util'
import type { Request } from 'express'
import { LRUCache } from 'lru-cache'
import type { Config } from '../../settings/config.ts'
import type { Identities } from '../company/identities.ts'
import { ForeignIdentityError } from '../company/own-domains.ts'
import { askUserInfo, isTokenRefusal } from '../logto/ask-user-info.ts'
import type { Logto } from '../logto/logto-client.ts'
import type { Claims } from '../logto/verify/id-token.ts'
import { recordOf } from '../request.ts'
import { type ActiveSession, mustRenew } from '../session/session-data.ts'
import type { SessionStore } from '../session/session-store.ts'
import { logRenewal, type RenewalContext, renewSession } from './renew-session.ts'
import type { Renew } from './renew-tokens.ts'

/**
 * Sees to it that a signed-in person's tokens are fresh before a page is made, and so that Logto still knows them:
 * whoever was suspended or signed out there is out here, at the latest when the access token has run out.
 *
 * @returns a function that gives undefined where there is nothing to wait for
 */
export function freshTokens(
  context: RenewalContext & { logto: Logto; store: SessionStore; identities: Identities },
) {
  const check = checksWithLogto(context)
  const see = lastSeen(context.store)
  return (req: Request): Promise<void> | undefined => {
    const { session } = recordOf(req)
    if (!session) return undefined
    if (mustRenew(session)) return renewSession(req, context)
    check(req, session)
    see(session)
    return undefined
  }
}

/** Sessions whose last look this process remembers; of another the store is asked. */
const maximumKnown = 10_000

/**
 * Looks now and then, while a session is used, whether Logto still takes its access token: where a grant was revoked, or
 * the news of a suspension was lost, nothing else tells before the token runs out. One process looks for all of them.
 * No page waits for it, and an answer that is no refusal changes nothing.
 *
 * @returns a function that looks, if it is time to; where the session is over, the next page finds none
 */
function checksWithLogto({
  config,
  logto,
  store,
  identities,
  renew,
}: {
  config: Pick<Config, 'sessions'>
  logto: Logto
  store: SessionStore
  identities: Identities
  renew: Renew
}): (req: Request, session: ActiveSession) => void {
  const { checkEvery } = config.sessions
  const lookedAt = new LRUCache<string, number>({ max: maximumKnown })

  /** An identity may have come since the sign-in, which the ID token need not say. */
  async function learnAnew({ id, companyNames: known = [] }: ActiveSession, info: Claims): Promise<void> {
    const companyNames = identities.saidBy(info)
    if (!companyNames || isDeepStrictEqual(known, companyNames)) return
    await store.change(id, (session) => ({ ...session, companyNames }))
  }

  async function look(req: Request, session: ActiveSession): Promise<void> {
    if (!(await store.backend.markUsed(`check:${session.id}`, checkEvery))) return
    try {
      await learnAnew(session, await askUserInfo(logto, session))
    } catch (fault) {
      if (fault instanceof ForeignIdentityError) {
        if (!(await store.end(session.id))) return
        return logRenewal(req, { kind: 'ended', by: 'foreign_identity', session, fault }, session.id)
      }
      if (!isTokenRefusal(fault)) return
      await logRenewal(req, await renew(session.id, session.logto.accessToken), session.id)
    }
  }

  return (req, session) => {
    const now = Date.now()
    const last = Math.max(session.tokensAt, lookedAt.get(session.id) ?? 0)
    if (checkEvery === 0 || now - last < checkEvery) return
    lookedAt.set(session.id, now)
    look(req, session).catch(() => {}) // the store is away: there is another look
  }
}

/** Milliseconds between two times that are written down. */
const seenEvery = 5 * 60_000

/**
 * Writes into a session, now and then, that somebody uses it: for the list in which they look for what they do not
 * recognise. No page waits for it, and of several requests one writes.
 */
function lastSeen(store: SessionStore): (session: ActiveSession) => void {
  async function write(id: string, now: number): Promise<void> {
    if (!(await store.backend.markUsed(`seen:${id}`, seenEvery))) return
    await store.change(id, (session) => ({ ...session, seenAt: now }))
  }
  return ({ id, startedAt, tokensAt, seenAt = 0 }) => {
    const now = Date.now()
    if (now - Math.max(startedAt, tokensAt, seenAt) < seenEvery) return
    write(id, now).catch(() => {}) // the store is away: another request writes
  }
}
