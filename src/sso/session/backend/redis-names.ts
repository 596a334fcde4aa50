import type { RedisConnection } from '../../redis/redis-connection.ts'
import type { SessionName } from '../session-data.ts'
import type { RedisRows } from './redis-rows.ts'
import { scripts } from './redis-scripts.ts'
import { mostOfOneName, type Row } from './session-backend.ts'

/** The names of rows in Redis: which IDs go by a name, and when everything of it was ended. Each step asks all at once. */
export function redisNames({ prefix, run }: RedisConnection) {
  const indexKey = (name: SessionName) => `${prefix}index:${name}`
  const markKey = (name: SessionName) => `${prefix}ended:${name}`

  async function dropEach(all: ReadonlyArray<{ name: SessionName; ids: string[] }>): Promise<void> {
    const some = all.filter(({ ids }) => ids.length > 0)
    if (some.length > 0)
      await run((client) => Promise.all(some.map(({ name, ids }) => client.zRem(indexKey(name), ids))))
  }

  return {
    dropEach,
    drop: (names: readonly SessionName[], ids: string[]) => dropEach(names.map((name) => ({ name, ids }))),
    /**
     * @param times.end when the row is gone by
     * @returns the names that have more IDs now than are kept, with these
     */
    async add(
      names: readonly SessionName[],
      id: string,
      times: { end: number; now: number },
    ): Promise<Array<{ name: SessionName; ids: string[] }>> {
      if (names.length === 0) return []
      const args = [id, times.end, times.now, mostOfOneName].map(String)
      const answers = await run((client) =>
        Promise.all(
          names.map((name) => client.eval(scripts.name, { keys: [indexKey(name)], arguments: args })),
        ),
      )
      return names
        .map((name, at) => ({ name, ids: answers[at] as string[] }))
        .filter(({ ids }) => ids.length > 0)
    },
    /** When everything of each name was ended; before all time where it was not. */
    async ended(names: readonly SessionName[]): Promise<number[]> {
      if (names.length === 0) return []
      const marks = await run((client) => Promise.all(names.map((name) => client.get(markKey(name)))))
      return marks.map((mark) => (mark === null ? Number.NEGATIVE_INFINITY : Number(mark)))
    },
    /** @param lifetime how long that is remembered, in milliseconds */
    async mark(ends: ReadonlyArray<{ name: SessionName; begunBy: number }>, lifetime: number): Promise<void> {
      await run((client) =>
        Promise.all(
          ends.map(({ name, begunBy }) =>
            client.eval(scripts.mark, {
              keys: [markKey(name)],
              arguments: [String(begunBy), String(lifetime)],
            }),
          ),
        ),
      )
    },
    idsOf: (names: readonly SessionName[]): Promise<string[][]> =>
      run((client) => Promise.all(names.map((name) => client.zRange(indexKey(name), 0, -1)))),
    /**
     * Forgets the IDs that are none any more, and takes the oldest rows out where there are still too many. Whose end is
     * next is the oldest.
     *
     * @param crowds as `add` gives them
     * @param id the newest, which stays
     * @returns the rows that gave way
     */
    async makeRoom(
      crowds: ReadonlyArray<{ name: SessionName; ids: string[] }>,
      id: string,
      rows: RedisRows,
    ): Promise<Row[]> {
      const gaveWay: Row[] = []
      for (const { name, ids } of crowds) {
        const there = (await rows.find(ids)).map((row) => row.id).filter((each) => each !== id)
        const removed = await rows.take(there.slice(0, Math.max(0, there.length + 1 - mostOfOneName)))
        const left = new Set(there.filter((each) => !removed.some((row) => row.id === each)))
        await dropEach([{ name, ids: ids.filter((each) => each !== id && !left.has(each)) }])
        gaveWay.push(...removed)
      }
      return gaveWay
    },
  }
}
