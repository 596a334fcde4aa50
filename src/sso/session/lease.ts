import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Telemetry } from '../telemetry/telemetry.ts'
import type { SessionBackend } from './backend/session-backend.ts'

/** A lease is renewed while its owner works, so that it outlives any answer, and ends soon after its owner. */
export const lease = { lasts: 5000, renewedEvery: 1500 }
/** How often a process that waits for another one looks whether it is done, in milliseconds. */
export const look = 100

/** Times a wait for somebody else's lease, once it is over. @param since milliseconds since 1970 */
export function timeWait({ time }: Pick<Telemetry, 'time'>, since: number | undefined): void {
  if (since !== undefined) time('sso.lease.wait.duration', (Date.now() - since) / 1000)
}

/**
 * Takes a lease as soon as nobody else holds it.
 *
 * @param waitAtMost in milliseconds
 * @returns the lease, for `whileHolding`; undefined where somebody held it for all of that time
 */
export async function takeLease(
  backend: SessionBackend,
  id: string,
  waitAtMost: number,
  telemetry: Pick<Telemetry, 'time'>,
): Promise<{ id: string; owner: string } | undefined> {
  const owner = randomUUID()
  const giveUpAt = Date.now() + waitAtMost
  let waitsSince: number | undefined
  try {
    while (!(await backend.lease(id, owner, lease.lasts))) {
      waitsSince ??= Date.now()
      if (Date.now() > giveUpAt) return undefined
      await pause(look)
    }
    return { id, owner }
  } finally {
    timeWait(telemetry, waitsSince)
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
  const keeping = setInterval(() => {
    backend.lease(id, owner, lease.lasts).catch(() => {}) // the next one may succeed
  }, lease.renewedEvery)
  try {
    return await work()
  } finally {
    clearInterval(keeping)
    await backend.release(id, owner).catch(() => {}) // it runs out by itself
  }
}
