import type { SessionRows } from '../sessions/session-rows.ts'

/** A lease is renewed while its owner works, so that it outlives any answer, and ends soon after its owner. */
export const lease = { lasts: 5000, renewedEvery: 1500 }
/** How often a process that waits for another one looks whether it is done, in milliseconds. */
export const look = 100

/**
 * Does something while a session's refresh token is the owner's alone to use.
 *
 * @param owner who has taken the lease
 * @returns what `work` returns; the lease is given back whatever came of it
 */
export async function whileHolding<T>(
  rows: SessionRows,
  { id, owner }: { id: string; owner: string },
  work: () => Promise<T>,
): Promise<T> {
  const keeping = setInterval(() => {
    rows.lease(id, owner, lease.lasts).catch(() => {}) // the next one may succeed
  }, lease.renewedEvery)
  try {
    return await work()
  } finally {
    clearInterval(keeping)
    await rows.release(id, owner).catch(() => {}) // it runs out by itself
  }
}
