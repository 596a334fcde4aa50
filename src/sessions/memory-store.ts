import expressSession, { type Store } from 'express-session'
import memorystore from 'memorystore'

const minutes = 60_000

/** Sessions in this process's memory: bounded in number, pruned when idle for long. For one process only. */
export function memoryStore(): Store {
  const MemoryStore = memorystore(expressSession)
  return new MemoryStore({ max: 100_000, ttl: 8 * 60 * minutes, checkPeriod: 10 * minutes })
}
