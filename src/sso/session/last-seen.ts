import type { ActiveSession } from './session-data.ts'
import type { SessionStore } from './session-store.ts'

/** Milliseconds between two times that are written down. */
const every = 5 * 60_000

/**
 * Writes into a session, now and then, that somebody uses it: for the list in which they look for what they do not
 * recognise. No page waits for it, and of several requests one writes.
 */
export function lastSeen(store: SessionStore): (session: ActiveSession) => void {
  async function write(id: string, now: number): Promise<void> {
    if (!(await store.backend.markUsed(`seen:${id}`, every))) return
    await store.change(id, (session) => ({ ...session, seenAt: now }))
  }
  return ({ id, startedAt, tokensAt, seenAt = 0 }) => {
    const now = Date.now()
    if (now - Math.max(startedAt, tokensAt, seenAt) < every) return
    write(id, now).catch(() => {}) // the store is away: another request writes
  }
}
