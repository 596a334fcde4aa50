import { memoryBackend } from '../../src/sso/session/backend/memory-backend.ts'
import type { SessionBackend } from '../../src/sso/session/backend/session-backend.ts'

/** Rows that tell which of those that were ever made are still there. */
export interface WatchedRows extends SessionBackend {
  ids: () => Promise<string[]>
}

/** Puts a watch on rows; on new ones in memory unless told otherwise. */
export function watchedRows(rows: SessionBackend = memoryBackend({ idle: 3_600_000 })): WatchedRows {
  const made: string[] = []
  return {
    ...rows,
    create(row) {
      made.push(row.id)
      return rows.create(row)
    },
    async ids() {
      const there = await Promise.all(made.map(async (id) => (await rows.read(id)) !== undefined))
      return made.filter((_, at) => there[at])
    },
  }
}
