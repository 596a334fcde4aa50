import type { Store } from 'express-rate-limit'
import { LRUCache } from 'lru-cache'

/** Addresses whose requests are counted at the same time; some 200 bytes each. */
const maximumCounted = 25_000

/**
 * Counts of requests by address, in this process's memory. The library's own store keeps every address it meets
 * for one to two minutes; this one forgets who was not seen for longest when there are too many.
 */
export function memoryStore(): Store {
  // For `max` entries the library makes room at once, in each of these; for `maxSize`, as they come.
  const counts = new LRUCache<string, { totalHits: number; resetTime: Date }>({
    maxSize: maximumCounted,
    sizeCalculation: () => 1,
  })
  let window = 0
  return {
    localKeys: true,
    init({ windowMs }) {
      window = windowMs
    },
    increment(key) {
      const now = Date.now()
      const known = counts.get(key)
      if (known && known.resetTime.getTime() > now) {
        known.totalHits += 1
        return known
      }
      const first = { totalHits: 1, resetTime: new Date(now + window) }
      counts.set(key, first)
      return first
    },
    decrement(key) {
      const known = counts.get(key)
      if (known) known.totalHits -= 1
    },
    resetKey(key) {
      counts.delete(key)
    },
  }
}
