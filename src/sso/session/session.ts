import { promisify } from 'node:util'
import type { Request, RequestHandler, Response } from 'express'
import expressSession, { type Session, type SessionData } from 'express-session'
import type { Config } from '../../settings/config.ts'
import { audit } from '../http/audit-log.ts'
import { logOf } from '../http/request-log.ts'
import { RedisAwayError } from '../redis/redis-away.ts'
import type { SessionRows } from './backend/session-backend.ts'
import { sessionCookie } from './session-cookie.ts'
import { isSignedIn, type SignedIn, seeNobody, sessionOf, signedInSession } from './session-data.ts'
import { SessionStore } from './session-store.ts'
import { sidOf } from './session-text.ts'
import { signedInFrom } from './signed-in-from.ts'

/** The store of this app's sessions. @param rows where they are kept */
export function sessionStore(config: Pick<Config, 'baseUrl' | 'sessions'>, rows: SessionRows): SessionStore {
  return new SessionStore(rows, { idle: config.sessions.idle, cookie: sessionCookie(config).options })
}

/** Why the store could not be asked, by request. */
const storeFaults = new WeakMap<Request, unknown>()

/** Why it is not known who this is, if it is not: what kept the store from answering. */
export function storeFault(req: Request): unknown {
  return storeFaults.get(req)
}

/**
 * express-session as this app uses it: nothing is stored for a visitor who is not signed in, a request that changes
 * nothing writes nothing, and the absolute limit holds. While the store is away, a request has no session and goes
 * on without: whoever must know who is there asks `storeFault`. The browser keeps its cookie.
 *
 * @param config cookie attributes and signing secrets
 */
export function sessions(config: Config, store: SessionStore): RequestHandler {
  const { name, options } = sessionCookie(config)
  const load = expressSession({
    name,
    store,
    secret: [...config.sessionSecrets],
    resave: false,
    saveUninitialized: false,
    cookie: { ...options },
  })
  return (req, res, next) => {
    let loaded = false
    load(req, res, (error?: unknown) => {
      if (loaded) return noteLateFault(req, error)
      loaded = true
      if (error) withoutSession(req, error)
      endAtLimit(req).then(() => next(), next)
    })
  }
}

/** Ends the request's session, if its time is over: nobody is there then, whether or not the store takes that down. */
export async function endAtLimit(req: Request): Promise<void> {
  const session = signedInSession(req)
  if (!session || session.endsAt > Date.now()) return
  const { sub, id } = session
  await forgetSession(req).then(
    () => audit(req, { audit: 'ended', by: 'absolute_limit', sub, session: id }),
    (fault) => withoutSession(req, fault),
  )
}

/** Goes on as if nobody was there, since nobody can be looked up. */
export function withoutSession(req: Request, fault: unknown): void {
  storeFaults.set(req, fault)
  seeNobody(req)
  // The connection logs once when it goes; a line for each request would say the same.
  if (!(fault instanceof RedisAwayError)) logOf(req).error({ err: fault }, 'the session store failed')
}

/** express-session calls on once more when a write fails after the answer was made: too late to change it. */
function noteLateFault(req: Request, error: unknown): void {
  if (error) logOf(req).error({ err: error }, 'a change to the session was lost')
}

/**
 * Puts this into a new session of a new ID and waits until the store has it, so that the page the browser is sent to
 * next finds it. The session the browser had before is gone: an ID that somebody planted or saw is worth nothing
 * (session fixation).
 *
 * @returns its ID
 * @throws EndedMeanwhileError; whatever the store throws; then no session was begun
 */
export async function beginSession(req: Request, signedIn: SignedIn): Promise<string> {
  await leaveFor(req, signedIn)
  req.sessionStore.generate(req as never) // of the same type but for what @logto/express declares
  const session = sessionOf(req) as Session
  Object.assign(session, signedIn, { from: signedInFrom(req) })
  await settled((done) => session.save(done)).catch((error) => {
    // Or express-session would try once more when the error page is sent.
    Reflect.deleteProperty(req, 'session')
    throw error
  })
  audit(req, { audit: 'signed_in', sub: signedIn.sub, session: session.id })
  const store = req.sessionStore as unknown as SessionStore
  for (const { id } of store.gaveWayTo(session)) {
    audit(req, { audit: 'ended', by: 'too_many_sessions', sub: signedIn.sub, session: id })
  }
  return session.id
}

/**
 * Gives the browser a session that another request of its own has begun.
 *
 * @returns false where that has ended already
 * @throws whatever the store throws
 */
export async function joinSession(req: Request, id: string): Promise<boolean> {
  if (signedInSession(req)?.id === id) return true
  const store = req.sessionStore
  const data = await promisify((done: (error: unknown, data?: SessionData | null) => void) =>
    store.get(id, done),
  )()
  if (!data || !isSignedIn(data)) return false
  await leaveFor(req, data)
  req.sessionID = id
  store.createSession(req, data)
  return true
}

/** Ends the session the browser had before. @throws whatever the store throws */
async function leaveFor(req: Request, signedIn: SignedIn): Promise<void> {
  if (storeFault(req)) throw storeFault(req)
  const sid = sidOf(signedIn)
  // One session at Logto gives one grant to all sign-ins in it: revoking the tokens of one ends those of the other.
  const sharesGrant = (before: SignedIn) => sid !== undefined && sidOf(before) === sid
  const before = signedInSession(req)
  await forgetSession(req, { quietly: before !== undefined && sharesGrant(before) })
}

/**
 * Drops the request's session from the store; the request goes on without.
 *
 * @param options as `SessionStore.end` takes them
 * @throws whatever the store throws
 */
export async function forgetSession(req: Request, options?: { quietly: boolean }): Promise<void> {
  const [session, read] = [sessionOf(req), req.seen]
  seeNobody(req)
  // Not `regenerate`: express-session would keep the empty session that takes the old one's place.
  if (session) await (req.sessionStore as unknown as SessionStore).end(session.id, options)
  if (read) await read.store.end(read.session.id, options)
}

/** Reads the request's session anew. @throws where it is no more, or whatever the store throws */
export async function reloadSession(req: Request): Promise<void> {
  const [session, read] = [sessionOf(req), req.seen]
  if (session) await settled((done) => session.reload(done))
  if (!read) return
  const { id } = read.session
  const anew = await read.store.read(id)
  if (!anew || !isSignedIn(anew)) throw new Error('the session has ended meanwhile')
  req.seen = { ...read, session: { ...anew, id } }
}

/** Ends the browser's session, in the store and in the browser. @throws whatever the store throws */
export async function endSession(
  req: Request,
  res: Response,
  config: Pick<Config, 'baseUrl'>,
): Promise<void> {
  const { name, options } = sessionCookie(config)
  res.clearCookie(name, options) // even if the store is away: then it is out of this browser at least
  if (storeFault(req)) throw storeFault(req)
  const signedIn = signedInSession(req)
  await forgetSession(req)
  if (signedIn) audit(req, { audit: 'signed_out', sub: signedIn.sub, session: signedIn.id })
}

const settled = (start: (done: (error?: unknown) => void) => void) => promisify(start)()
