import { LRUCache } from 'lru-cache'
import { endedMarkLifetime, type Row, type SessionName, type SessionRows } from './session-rows.ts'

interface Entry {
  text: string
  names: readonly SessionName[]
}

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
export function memoryRows({ idle, maximum = maximumRows }: { idle: number; maximum?: number }): SessionRows {
  const index = new Map<SessionName, Set<string>>()
  const unindex = (id: string, names: readonly SessionName[]) => {
    for (const name of names) {
      const ids = index.get(name)
      ids?.delete(id)
      if (ids?.size === 0) index.delete(name)
    }
  }
  const rows = new LRUCache<string, Entry>({
    max: maximum,
    ttl: idle,
    ttlResolution: 0,
    perf: Date,
    updateAgeOnGet: true,
    noDisposeOnSet: true,
    dispose: ({ names }, id) => unindex(id, names),
  })
  const notes = new LRUCache<string, string>({
    max: maximumNotes,
    ttl: endedMarkLifetime,
    ttlResolution: 0,
    perf: Date,
  })
  setInterval(() => {
    rows.purgeStale()
    notes.purgeStale()
  }, pruneInterval).unref()

  const named = (name: SessionName): Row[] =>
    [...(index.get(name) ?? [])].flatMap((id) => {
      const entry = rows.peek(id)
      return entry ? [{ id, text: entry.text }] : []
    })
  const setOnce = (key: string, value: string, ttl: number) => {
    if (notes.get(key) !== undefined) return false
    notes.set(key, value, { ttl })
    return true
  }

  return {
    read: async (id) => rows.get(id)?.text,
    async create({ id, text, names, endsAt, since }) {
      if (names.some((name) => Number(notes.get(`ended:${name}`) ?? 0) >= since)) return false
      const ttl = endsAt === undefined ? idle : Math.min(idle, endsAt - Date.now())
      if (ttl <= 0) return true
      rows.set(id, { text, names }, { ttl })
      for (const name of names) index.set(name, (index.get(name) ?? new Set()).add(id))
      return true
    },
    async replace({ id, text }, was) {
      const entry = rows.peek(id)
      if (entry?.text !== was) return false
      entry.text = text
      return true
    },
    async endBy(id, time) {
      const entry = rows.peek(id)
      const ttl = time - Date.now()
      if (entry && ttl > 0) rows.set(id, entry, { ttl })
      else rows.delete(id)
    },
    async remove(id) {
      const text = rows.peek(id)?.text
      rows.delete(id)
      return text
    },
    async removeNamed(name) {
      const removed = named(name)
      for (const { id } of removed) rows.delete(id)
      notes.set(`ended:${name}`, String(Date.now()))
      return removed
    },
    named: async (name) => named(name),
    unname: async (id, names) => unindex(id, names),
    claim: async (what, time) => setOnce(`claim:${what}`, '', time),
    isClaimed: async (what) => notes.get(`claim:${what}`) !== undefined,
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
