import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Telemetry } from '../telemetry/telemetry.ts'
import type { Ending, NewRow, Row, SessionBackend } from './backend/session-backend.ts'
import { endedMeanwhileError } from './ended-meanwhile.ts'
import {
  fromText,
  namesOf,
  type SessionName,
  type SignedIn,
  type StoredSession,
  toText,
} from './session-data.ts'

/** A session that is no more, or one of several: its ID and what was in it. */
export interface KnownSession {
  id: string
  session: StoredSession
}

/** Gives what a session shall hold, from what it holds. */
type Change = (session: StoredSession) => StoredSession

/** How long a session at Logto lasts, in milliseconds: by it somebody signs in whom their company has not seen again. */
const rememberedAtLogto = 14 * 24 * 3_600_000
/** How often a write is tried again that met another one. Each time somebody else's write succeeded. */
const maximumTries = 20

/**
 * The sessions, over a `SessionBackend`, with one rule: what was read from a row can only be written to that row. A
 * session that was ended while somebody held it stays ended, and of two that write, the later one does not take back
 * tokens that the earlier one got.
 */
export class SessionStore {
  readonly backend: SessionBackend
  readonly #idle: number
  readonly #ended: (session: StoredSession) => void

  /**
   * @param idle milliseconds without a request after which a session ends
   * @param ended hears what was in a session that has ended here, and whose tokens nobody has ended
   */
  constructor(backend: SessionBackend, idle: number, ended: (session: StoredSession) => void = () => {}) {
    this.backend = backend
    this.#idle = idle
    this.#ended = ended
  }

  /** What a session holds, which is kept alive by this. @returns undefined where there is none */
  async read(id: string): Promise<StoredSession | undefined> {
    const text = await this.backend.read(id)
    if (text === undefined) return undefined
    const session = fromText(text)
    const { endsAt } = session
    // The idle limit must not outlast the absolute one. Not waited for: past the latter the session is refused anyway.
    if (endsAt && endsAt - Date.now() < this.#idle) this.backend.endBy(id, endsAt).catch(() => {})
    return session
  }

  /**
   * @returns the sessions of the same person that ended for the new one, since there were too many
   * @throws EndedMeanwhileError
   */
  async create(id: string, session: SignedIn): Promise<KnownSession[]> {
    const { startedAt: since, endsAt, provedAt = 0 } = session
    const row: NewRow = { id, text: toText(session), names: namesOf(session), endsAt, since, provedAt }
    const gaveWay = await this.backend.create(row)
    if (!gaveWay) throw await endedMeanwhileError(this.backend, row)
    const ended = gaveWay.map(known)
    for (const each of ended) this.#ended(each.session)
    return ended
  }

  /**
   * Changes a session that may be changed by others at the same time.
   *
   * @param change called again where somebody was faster
   * @returns what it holds then; undefined where it has ended
   */
  async change(id: string, change: Change): Promise<StoredSession | undefined> {
    for (let tries = 0; tries < maximumTries; tries++) {
      const was = await this.backend.read(id)
      if (was === undefined) return undefined
      const session = change(fromText(was))
      if (await this.#replace(id, was, session)) return session
    }
    throw new Error('a session is written to without end')
  }

  /**
   * Ends one session, and tells who wants to hear of it.
   *
   * @param options.quietly whether nobody is told, since Logto has ended its tokens, or another session lives on them
   * @param options.leaveNames whether its names stay and run out: of a company's thousands, they are most of the work
   * @returns what was in it; undefined where there was none
   */
  async end(id: string, { quietly = false, leaveNames = false } = {}): Promise<StoredSession | undefined> {
    const text = await this.backend.remove(id)
    if (text === undefined) return undefined
    const session = fromText(text)
    if (!quietly) this.#ended(session)
    if (!leaveNames) await this.#dropNames({ id, session })
    return session
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

  /** A session that goes by another name from now on can be ended by that one from the same moment on. */
  async #replace(id: string, was: string, session: StoredSession): Promise<boolean> {
    const [before, after] = [namesOf(fromText(was)), namesOf(session)]
    const added = after.filter((name) => !before.includes(name))
    const dropped = before.filter((name) => !after.includes(name))
    const newNames = { added, dropped, endsAt: session.endsAt, provedAt: session.provedAt }
    const row = { id, text: toText(session), ...(added.length + dropped.length > 0 && { newNames }) }
    return this.backend.replace(row, was)
  }
}

const known = ({ id, text }: Row): KnownSession => ({ id, session: fromText(text) })

/** A lease is renewed while its owner works, so that it outlives any answer, and ends soon after its owner. */
export const lease = { lasts: 5000, renewedEvery: 1500 }
/** Milliseconds between two looks of a process that waits for another one. */
export const look = 100

/**
 * Takes a lease as soon as nobody else holds it.
 *
 * @param waitAtMost in milliseconds
 * @param isDone whether there is nothing left to do; asked before each try
 * @returns the lease, for `whileHolding`; undefined where it is done, or somebody held the lease for all of that time
 */
export async function takeLease(
  backend: SessionBackend,
  id: string,
  waitAtMost: number,
  { time }: Pick<Telemetry, 'time'>,
  isDone = async () => false,
): Promise<{ id: string; owner: string } | undefined> {
  const owner = randomUUID()
  const giveUpAt = Date.now() + waitAtMost
  let waitsSince: number | undefined
  try {
    while (!(await isDone())) {
      if (await backend.lease(id, owner, lease.lasts)) return { id, owner }
      waitsSince ??= Date.now()
      if (Date.now() > giveUpAt) return undefined
      await pause(look)
    }
    return undefined
  } finally {
    if (waitsSince !== undefined) time('sso.lease.wait.duration', (Date.now() - waitsSince) / 1000)
  }
}

/**
 * Does something that is the owner's alone to do, such as to use a session's refresh token.
 *
 * @param owner who has taken the lease
 * @returns what `work` returns; the lease is given back whatever came of it
 */
export async function whileHolding<T>(
  backend: SessionBackend,
  { id, owner }: { id: string; owner: string },
  work: () => Promise<T>,
): Promise<T> {
  const keep = () => backend.lease(id, owner, lease.lasts).catch(() => {}) // the next one may succeed
  const keeping = setInterval(keep, lease.renewedEvery)
  try {
    return await work()
  } finally {
    clearInterval(keeping)
    await backend.release(id, owner).catch(() => {}) // it runs out by itself
  }
}
