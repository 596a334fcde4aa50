import { callbackify } from 'node:util'
import type { CookieOptions, Request } from 'express'
import { type Session, type SessionData, Store } from 'express-session'
import type { Ending, NewRow, Row, SessionBackend, SessionName } from './backend/session-backend.ts'
import { endedMeanwhileError } from './ended-meanwhile.ts'
import { fromText, isSignedIn, type SignedIn, type StoredSession, sidOf, toText } from './session-data.ts'

/** A session that is no more, or one of several: its ID and what was in it. */
export interface KnownSession {
  id: string
  session: StoredSession
}

/** How long a session at Logto lasts, in milliseconds: by it somebody signs in whom their company has not seen again. */
const rememberedAtLogto = 14 * 24 * 3_600_000

/** How often a write is tried again that met another one. Each time somebody else's write succeeded. */
const maximumTries = 20

/**
 * express-session's store over a `SessionBackend`, with one rule more than express-session has: what was read from a row
 * can only be written to that row. A session that was ended while a request held it stays ended, and of two
 * that write, the later one does not take back tokens that the earlier one got.
 */
export class SessionStore extends Store {
  readonly backend: SessionBackend
  readonly #idle: number
  readonly #cookie: CookieOptions
  /** The sessions that are in the store, as express-session holds them. */
  readonly #isKept = new WeakSet<object>()
  /** The sessions that a new one has taken the place of. */
  readonly #gaveWay = new WeakMap<object, KnownSession[]>()

  /**
   * @param backend where sessions are kept
   * @param options.idle milliseconds without a request after which a session ends
   * @param options.cookie what every session's cookie is; no row repeats it
   */
  constructor(backend: SessionBackend, { idle, cookie }: { idle: number; cookie: CookieOptions }) {
    super()
    this.backend = backend
    this.#idle = idle
    this.#cookie = cookie
  }

  override get(id: string, done: (error: unknown, session?: SessionData | null) => void): void {
    callbackify(() => this.#read(id))(done)
  }

  override createSession(req: Request, data: SessionData): Session & SessionData {
    const session = super.createSession(req, data)
    this.#isKept.add(session)
    return session
  }

  override set(id: string, session: SessionData, done: (error?: unknown) => void = () => {}): void {
    callbackify(() => this.#write(id, session))(done)
  }

  override destroy(id: string, done: (error?: unknown) => void = () => {}): void {
    callbackify(() => this.end(id))((error) => done(error))
  }

  // No `touch`: reading a row is what keeps it alive.

  /** What a session holds, which is kept alive by this as by a request. @returns undefined where there is none */
  async read(id: string): Promise<StoredSession | undefined> {
    return this.#look(id)
  }

  /**
   * Changes a session that may be changed by others at the same time.
   *
   * @param change gives what the session shall hold, from what it holds; called again where somebody was faster
   * @returns what it holds then; undefined where it has ended
   */
  async change(
    id: string,
    change: (session: StoredSession) => StoredSession,
  ): Promise<StoredSession | undefined> {
    for (let tries = 0; tries < maximumTries; tries++) {
      const was = await this.backend.read(id)
      if (was === undefined) return undefined
      const session = change(fromText(was))
      if (await this.#replace(id, was, session)) return session
    }
    throw new Error('a session is written to without end')
  }

  /**
   * Ends one session, and tells those who listen for `ended`.
   *
   * @param options.quietly whether nobody is told, since Logto has ended its tokens, or another session lives on them
   * @returns what was in it; undefined where there was none
   */
  async end(id: string, { quietly = false } = {}): Promise<StoredSession | undefined> {
    const text = await this.backend.remove(id)
    if (text === undefined) return undefined
    const session = fromText(text)
    if (!quietly) this.emit('ended', session)
    await this.#dropNames({ id, session })
    return session
  }

  /** The sessions of the same person that ended when this one began, since there were too many. */
  gaveWayTo(session: object): readonly KnownSession[] {
    return this.#gaveWay.get(session) ?? []
  }

  /** Ends every session of a person, or of one session at Logto, sign-ins in flight included. */
  async endAll(name: SessionName): Promise<KnownSession[]> {
    const ended = (await this.backend.removeByName(name)).map(known)
    await Promise.all(ended.map((each) => this.#dropNames(each)))
    return ended
  }

  /**
   * Ends what companies say is over, sign-ins in flight included, in one step for all of it. For as long as Logto
   * remembers who signed in, it begins anew only by a new proof of who the person is.
   */
  async endByCompany(ends: readonly Ending[]): Promise<KnownSession[]> {
    const ended = (await this.backend.removeBegunBy(ends, rememberedAtLogto)).map(known)
    void Promise.all(ended.map((each) => this.#dropNames(each)))
    return ended
  }

  /** The sessions of a person, or of one session at Logto, without keeping any alive. */
  async find(name: SessionName): Promise<KnownSession[]> {
    return (await this.backend.findByName(name)).map(known)
  }

  /** A name that leads to no row does no harm and runs out: a session has ended, whether or not this succeeds. */
  async #dropNames({ id, session }: KnownSession): Promise<void> {
    await this.backend.dropNames(id, namesOf(session)).catch(() => {})
  }

  async #read(id: string): Promise<SessionData | null> {
    const found = await this.#look(id)
    if (!found) return null
    return { ...found, cookie: { ...this.#cookie, originalMaxAge: null } } as unknown as SessionData
  }

  async #look(id: string): Promise<StoredSession | undefined> {
    const text = await this.backend.read(id)
    if (text === undefined) return undefined
    const session = fromText(text)
    const { endsAt } = session
    // The idle limit must not outlast the absolute one. Not waited for: past the latter the session is refused anyway.
    if (endsAt && endsAt - Date.now() < this.#idle) this.backend.endBy(id, endsAt).catch(() => {})
    return session
  }

  /** Only a session that begins is written so: what changes one that is there goes by `change`. */
  async #write(id: string, session: SessionData): Promise<void> {
    if (this.#isKept.has(session)) return
    const text = toText(session)
    // express-session would keep the empty session that takes the place of one that has ended.
    if (text === '{}') return
    await this.#create({ id, text, session })
    this.#isKept.add(session)
  }

  /** A session that goes by another name from now on can be ended by that one from the same moment on. */
  async #replace(id: string, was: string, session: StoredSession): Promise<boolean> {
    const [before, after] = [namesOf(fromText(was)), namesOf(session)]
    const added = after.filter((name) => !before.includes(name))
    const dropped = before.filter((name) => !after.includes(name))
    const { endsAt, provedAt } = session
    const newNames = { added, dropped, endsAt, provedAt }
    const row = { id, text: toText(session), ...(added.length + dropped.length > 0 && { newNames }) }
    return this.backend.replace(row, was)
  }

  async #create({ session, ...row }: Row & { session: SessionData }): Promise<void> {
    const now = Date.now()
    const { startedAt: since = now, endsAt, provedAt = 0 } = session as Partial<SignedIn>
    const names = namesOf(session as unknown as StoredSession)
    const newRow: NewRow = { ...row, names, endsAt, since, provedAt }
    const gaveWay = await this.backend.create(newRow)
    if (!gaveWay) throw await endedMeanwhileError(this.backend, newRow)
    const ended = gaveWay.map(known)
    for (const each of ended) this.emit('ended', each.session)
    if (ended.length > 0) this.#gaveWay.set(session, ended)
  }
}

const known = ({ id, text }: Row): KnownSession => ({ id, session: fromText(text) })

function namesOf(session: StoredSession): SessionName[] {
  if (!isSignedIn(session)) return []
  const [{ sub, companyNames = [] }, sid] = [session, sidOf(session)]
  return [`sub:${sub}`, ...(sid === undefined ? [] : [`sid:${sid}` as const]), ...companyNames]
}
