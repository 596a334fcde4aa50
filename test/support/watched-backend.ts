import { memoryBackend } from '../../src/sso/session/backend/memory-backend.ts'
import type { SessionBackend } from '../../src/sso/session/backend/session-backend.ts'

/** A session backend that lists which of the sessions ever made in it are still there. */
export interface WatchedBackend extends SessionBackend {
  ids: () => Promise<string[]>
}

/** Puts a watch on a backend; on a new one in memory if none is given. */
export function watchedBackend(backend: SessionBackend = memoryBackend({ idle: 3_600_000 })): WatchedBackend {
  const made: string[] = []
  return {
    ...backend,
    create(row) {
      made.push(row.id)
      return backend.create(row)
    },
    async ids() {
      const there = await Promise.all(made.map(async (id) => (await backend.read(id)) !== undefined))
      return made.filter((_, at) => there[at])
    },
  }
}
