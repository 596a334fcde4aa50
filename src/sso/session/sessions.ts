import { createSecretKey } from 'node:crypto'
import { parse } from 'cookie'
import { unsign } from 'cookie-signature'
import type { Request, Response } from 'express'
import { LRUCache } from 'lru-cache'
import type { EndedBy } from '../../audit/events.ts'
import type { LiveConfig } from '../../companies/index.ts'
import { RedisAwayError } from '../redis/redis-away.ts'
import { audit, recordOf } from '../request.ts'
import { sessionCookie } from './session-cookie.ts'
import {
  type ActiveSession,
  isSignedIn,
  markedCompanies,
  type SignedIn,
  sidOf,
  signedInFrom,
} from './session-data.ts'
import { sessionEngine } from './session-engine.ts'
import type { SessionStore } from './session-store.ts'

/** The session of a request: read once, when it comes in; begun, joined and ended where a person signs in and out. */
export type Sessions = ReturnType<typeof sessions>

/** Goes on as if nobody was there, since nobody can be looked up. */
export function withoutSession(req: Request, fault: unknown): void {
  const record = recordOf(req)
  record.storeFault = fault
  record.session = undefined
  // The connection logs once when it goes; a line for each request would say the same.
  if (!(fault instanceof RedisAwayError)) recordOf(req).log.error({ err: fault }, 'the session store failed')
}

/**
 * @param config the cookie's name, attributes and signing secrets; and the companies, of which one may be taken away
 * @param store where sessions are kept
 */
export function sessions(
  config: Pick<LiveConfig, 'baseUrl' | 'sessionSecrets' | 'companies'>,
  store: SessionStore,
) {
  const cookie = sessionCookie(config)
  const idIn = signedCookie(cookie.name, config.sessionSecrets)
  const engine = sessionEngine(config, store)

  /**
   * Finds out who is there: one look into the store, and none for a visitor without our cookie. The absolute limit
   * holds. While the store is away, a request goes on without a session; whoever must know who is there asks
   * `storeFault`, and the browser keeps its cookie.
   *
   * @returns undefined where there is nothing to wait for
   */
  function read(req: Request): Promise<void> | undefined {
    const id = idIn(req.headers.cookie)
    return id === undefined ? undefined : look(req, id)
  }

  async function look(req: Request, id: string): Promise<void> {
    try {
      const found = await store.read(id)
      if (!found || !isSignedIn(found)) return
      const session: ActiveSession = Object.assign(found, { id })
      if (session.endsAt <= Date.now()) await endFor(req, session, 'absolute_limit')
      else if (isOfRemoved(session)) await endFor(req, session, 'company_removed')
      else recordOf(req).session = session
    } catch (error) {
      withoutSession(req, error)
    }
  }

  /** Nobody is there then, whether or not the store takes that down. */
  async function endFor(req: Request, { id, claims: { sub } }: ActiveSession, by: EndedBy): Promise<void> {
    await store.end(id, { leaveNames: true })
    await audit(req, { audit: 'ended', by, sub, session: id })
  }

  /** Whether a company of the person was taken away since they came, also where it has come back. */
  const isOfRemoved = ({ companyNames, startedAt }: SignedIn) =>
    markedCompanies(companyNames).some((id) => config.companies.removedAt(id) >= startedAt)

  /**
   * Puts this into a new session of a new ID and waits until the store has it, so that the page the browser is sent to
   * next finds it. The session the browser had before is gone: an ID that somebody planted or saw is worth nothing
   * (session fixation).
   *
   * @returns its ID
   * @throws EndedMeanwhileError; whatever the store throws; then no session was begun
   */
  async function begin(req: Request, res: Response, signedIn: SignedIn): Promise<string> {
    await leaveFor(req, signedIn)
    const { id, gaveWay } = await engine.begin(res, { ...signedIn, from: signedInFrom(req) })
    const { sub } = signedIn.claims
    recordOf(req).session = { ...signedIn, id }
    await audit(req, { audit: 'signed_in', sub, session: id })
    for (const { id: session } of gaveWay) {
      await audit(req, { audit: 'ended', by: 'too_many_sessions', sub, session })
    }
    return id
  }

  /**
   * Gives the browser a session that another request of its own has begun.
   *
   * @returns false where that has ended already
   * @throws whatever the store throws
   */
  async function join(req: Request, res: Response, id: string): Promise<boolean> {
    if (recordOf(req).session?.id === id) return true
    const signedIn = await store.read(id)
    if (!signedIn || !isSignedIn(signedIn)) return false
    await leaveFor(req, signedIn)
    await engine.join(res, id)
    recordOf(req).session = { ...signedIn, id }
    return true
  }

  /** Ends the session the browser had before. @throws whatever the store throws */
  async function leaveFor(req: Request, signedIn: SignedIn): Promise<void> {
    const { session: before, storeFault } = recordOf(req)
    if (storeFault) throw storeFault
    const sid = sidOf(signedIn)
    // One session at Logto gives one grant to all sign-ins in it: revoking the tokens of one ends those of the other.
    await forget(req, { quietly: before !== undefined && sid !== undefined && sidOf(before) === sid })
  }

  /**
   * Drops the request's session from the store; the request goes on without.
   *
   * @param options as `SessionStore.end` takes them
   * @throws whatever the store throws
   */
  async function forget(req: Request, options?: { quietly: boolean }): Promise<void> {
    const record = recordOf(req)
    const { session } = record
    record.session = undefined
    if (session) await store.end(session.id, options)
  }

  /** Reads the request's session anew. @throws where it is no more, or whatever the store throws */
  async function reload(req: Request): Promise<void> {
    const record = recordOf(req)
    if (!record.session) return
    const { id } = record.session
    const anew = await store.read(id)
    if (!anew || !isSignedIn(anew)) throw new Error('the session has ended meanwhile')
    record.session = { ...anew, id }
  }

  /** Ends the browser's session, in the store and in the browser. @throws whatever the store throws */
  async function end(req: Request, res: Response): Promise<void> {
    res.clearCookie(cookie.name, cookie.options) // even if the store is away: then it is out of this browser at least
    const { session, storeFault } = recordOf(req)
    if (storeFault) throw storeFault
    await forget(req)
    if (session) await audit(req, { audit: 'signed_out', sub: session.claims.sub, session: session.id })
  }

  return { read, begin, join, forget, reload, end }
}

/** Cookies that are remembered to be ours, so that somebody's next page costs no HMAC; some 300 bytes each, as they come. */
const maximumKnown = 100_000

/**
 * Reads a cookie as express-session signs it: `s:`, the value, a dot, and the value's HMAC.
 *
 * @param name the cookie's name
 * @param secrets every one verifies
 * @returns a function that takes a `Cookie` header, and gives the value; undefined for anything not signed by us
 */
export function signedCookie(
  name: string,
  secrets: readonly string[],
): (header: string | undefined) => string | undefined {
  const keys = secrets.map((secret) => createSecretKey(secret, 'utf8'))
  const known = new LRUCache<string, string>({ maxSize: maximumKnown, sizeCalculation: () => 1 })

  function verified(given: string): string | undefined {
    for (const key of keys) {
      const value = unsign(given.slice(2), key)
      if (value === false) continue
      known.set(given, value)
      return value
    }
    return undefined
  }

  return (header) => {
    const given = header === undefined ? undefined : parse(header)[name]
    if (!given?.startsWith('s:')) return undefined
    return known.get(given) ?? verified(given)
  }
}
