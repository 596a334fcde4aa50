import { LRUCache } from 'lru-cache'
import { isOfCompany, type SessionName, startOf } from '../session-data.ts'
import {
  endedMarkLifetime,
  mostOfOneName,
  type NewNames,
  type Row,
  type SessionBackend,
} from './session-backend.ts'

/** Sessions that are kept at most; beyond, the one that was used least recently gives way. */
const maximumRows = 100_000
/** Claims, leases and marks that are kept at most. */
const maximumNotes = 100_000
/** How often what has run out is thrown away, in milliseconds. */
const pruneInterval = 60_000

/**
 * Sessions in this process's memory, bounded in number, pruned every minute. For one process, which takes them along
 * when it ends.
 *
 * @param options.idle milliseconds without a read after which a row is gone
 */
export function memoryBackend({
  idle,
  maximum = maximumRows,
}: {
  idle: number
  maximum?: number
}): SessionBackend {
  // No row says what its names are: a name that leads nowhere finds nobody, and is swept away.
  const index = new NameIndex()
  // For `max` entries the library makes room at once, which takes long; for `maxSize`, as they come.
  const sessions = new LRUCache<string, string>({
    maxSize: maximum,
    sizeCalculation: () => 1,
    ttl: idle,
    ttlResolution: 0,
    perf: Date,
    updateAgeOnGet: true,
  })
  const notes = new LRUCache<string, string>({
    maxSize: maximumNotes,
    sizeCalculation: () => 1,
    ttl: endedMarkLifetime,
    ttlResolution: 0,
    perf: Date,
  })
  setInterval(() => {
    sessions.purgeStale()
    index.sweep((id) => sessions.peek(id) !== undefined)
    notes.purgeStale()
  }, pruneInterval).unref()

  const findByName = (name: SessionName): Row[] =>
    index.idsOf(name).flatMap((id) => {
      const text = sessions.peek(id)
      return text === undefined ? [] : [{ id, text }]
    })
  const makeRoom = (name: SessionName): Row[] => {
    if (index.count(name) < mostOfOneName) return []
    const oldest = findByName(name).slice(0, 1 - mostOfOneName)
    for (const { id } of oldest) sessions.delete(id)
    index.sweep((id) => sessions.peek(id) !== undefined, [name])
    return oldest
  }
  const wasEnded = (name: SessionName, since: number) =>
    Number(notes.get(`ended:${name}`) ?? Number.NEGATIVE_INFINITY) >= since
  const setOnce = (key: string, value: string, ttl: number) => {
    if (notes.get(key) !== undefined) return false
    notes.set(key, value, { ttl })
    return true
  }

  return {
    read: async (id) => sessions.get(id),
    async create({ id, text, names, endsAt, since, provedAt = since }) {
      if (names.some((name) => wasEnded(name, isOfCompany(name) ? provedAt : since))) return undefined
      const ttl = endsAt === undefined ? idle : Math.min(idle, endsAt - Date.now())
      if (ttl <= 0) return []
      const gaveWay = names.flatMap(makeRoom)
      sessions.set(id, text, { ttl })
      for (const name of names) index.add(name, id)
      return gaveWay
    },
    wasEnded: async (name, since) => wasEnded(name, since),
    async replace({ id, text, newNames = noNewNames }, was) {
      const { added, dropped, provedAt = 0 } = newNames
      if (sessions.peek(id) !== was) return false
      if (added.some((name) => wasEnded(name, isOfCompany(name) ? provedAt : 0))) {
        sessions.delete(id)
        return false
      }
      sessions.set(id, text, { noUpdateTTL: true })
      for (const name of added) index.add(name, id)
      for (const name of dropped) index.remove(name, id)
      return true
    },
    async endBy(id, time) {
      const text = sessions.peek(id)
      const ttl = time - Date.now()
      if (text !== undefined && ttl > 0) sessions.set(id, text, { ttl })
      else sessions.delete(id)
    },
    async remove(id) {
      const text = sessions.peek(id)
      sessions.delete(id)
      return text
    },
    async removeByName(name) {
      const removed = findByName(name)
      for (const { id } of removed) {
        sessions.delete(id)
        index.remove(name, id)
      }
      notes.set(`ended:${name}`, String(Date.now()))
      return removed
    },
    async removeBegunBy(ends, lifetime) {
      return ends.flatMap(({ name, begunBy }) => {
        const removed = findByName(name).filter(({ text }) => startOf(text) <= begunBy)
        for (const { id } of removed) {
          sessions.delete(id)
          index.remove(name, id)
        }
        if (!wasEnded(name, begunBy)) notes.set(`ended:${name}`, String(begunBy), { ttl: lifetime })
        return removed
      })
    },
    findByName: async (name) => findByName(name),
    async dropNames(id, names) {
      for (const name of names) index.remove(name, id)
    },
    markUsed: async (what, time) => setOnce(`used:${what}`, '', time),
    isUsed: async (what) => notes.get(`used:${what}`) !== undefined,
    async note(what, word, time) {
      notes.set(`note:${what}`, word, { ttl: time })
    },
    noted: async (what) => notes.get(`note:${what}`),
    async lease(what, owner, time) {
      const key = `lease:${what}`
      if (notes.get(key) !== owner) return setOnce(key, owner, time)
      notes.set(key, owner, { ttl: time })
      return true
    },
    async release(what, owner) {
      if (notes.get(`lease:${what}`) === owner) notes.delete(`lease:${what}`)
    },
    isReady: () => true,
    answers: async () => true,
  }
}

const noNewNames: NewNames = { added: [], dropped: [], endsAt: undefined }

/**
 * Which sessions go by a name, in memory. Nearly every name has one, so that one is kept as it is: a set for each would
 * take as much as a third of the session.
 */
export class NameIndex {
  readonly #ids = new Map<SessionName, string | Set<string>>()

  add(name: SessionName, id: string): void {
    const known = this.#ids.get(name)
    if (known === undefined || known === id) this.#ids.set(name, id)
    else if (typeof known === 'string') this.#ids.set(name, new Set([known, id]))
    else known.add(id)
  }

  remove(name: SessionName, id: string): void {
    const known = this.#ids.get(name)
    if (known === id) this.#ids.delete(name)
    if (!(known instanceof Set)) return
    known.delete(id)
    if (known.size === 0) this.#ids.delete(name)
  }

  /** @returns a copy, which may be gone through while IDs are removed */
  idsOf(name: SessionName): string[] {
    const known = this.#ids.get(name) ?? []
    return typeof known === 'string' ? [known] : [...known]
  }

  /** How many IDs a name has, those that are none any more included. */
  count(name: SessionName): number {
    const known = this.#ids.get(name)
    return known instanceof Set ? known.size : known === undefined ? 0 : 1
  }

  /** Forgets every ID that is none any more. */
  sweep(isOne: (id: string) => boolean, names: Iterable<SessionName> = this.#ids.keys()): void {
    for (const name of names) {
      for (const id of this.idsOf(name)) if (!isOne(id)) this.remove(name, id)
    }
  }
}
