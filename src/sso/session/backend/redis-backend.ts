import { RedisRefusesError } from '../../redis/redis-away.ts'
import type { RedisConnection } from '../../redis/redis-connection.ts'
import { isOfCompany, type SessionName } from '../session-data.ts'
import { scripts } from './redis-scripts.ts'
import { endedMarkLifetime, mostOfOneName, type Row, type SessionBackend } from './session-backend.ts'

/** Names that one script goes through, so that nobody else waits for long. */
const atOnce = 100

/**
 * Sessions in Redis or Valkey, for any number of processes. What must not come apart (a row and its index, a
 * comparison and what follows from it) is one script each.
 *
 * @param redis the connection; what it raises goes on to the caller
 * @param options.idle milliseconds without a read after which a row is gone
 */
export function redisBackend(redis: RedisConnection, { idle }: { idle: number }): SessionBackend {
  const { prefix } = redis
  const rowKey = (id: string) => `${prefix}session:${id}`
  const indexKey = (name: SessionName) => `${prefix}index:${name}`
  const endedKey = (name: SessionName) => `${prefix}ended:${name}`
  const indexAndMark = (names: readonly SessionName[]) =>
    names.flatMap((name) => [indexKey(name), endedKey(name)])
  const usedKey = (what: string) => `${prefix}used:${what}`
  const noteKey = (what: string) => `${prefix}note:${what}`
  const leaseKey = (what: string) => `${prefix}lease:${what}`
  const evaluate = (script: string, keys: string[], args: Array<string | number>) =>
    redis.run((client) => client.eval(script, { keys, arguments: args.map(String) }))

  return {
    async read(id) {
      const text = await redis
        .run((client) => client.getEx(rowKey(id), { type: 'PX', value: idle }))
        .catch((error) => {
          // To put the idle limit off is a write. Where none is taken, whoever is signed in is so all the same.
          if (!(error instanceof RedisRefusesError)) throw error
          return redis.run((client) => client.get(rowKey(id)))
        })
      return text ?? undefined
    },
    async create({ id, text, names, endsAt, since, provedAt = since }) {
      const now = Date.now()
      const end = endsAt ?? now + idle
      if (end <= now) return []
      const keys = [rowKey(id), ...indexAndMark(names)]
      const times = [Math.min(idle, end - now), end, now]
      const bounds = names.map((name) => (isOfCompany(name) ? provedAt : since))
      const args = [id, text, ...times, mostOfOneName, rowKey(''), ...bounds]
      const gaveWay = await evaluate(scripts.create, keys, args)
      return gaveWay === null ? undefined : toRows(gaveWay as string[])
    },
    async wasEnded(name, since) {
      const ended = await redis.run((client) => client.get(endedKey(name)))
      return ended !== null && Number(ended) >= since
    },
    async replace({ id, text, newNames }, was) {
      if (!newNames) return (await evaluate(scripts.replace, [rowKey(id)], [was, text])) === 1
      const { added, dropped, endsAt, provedAt = 0 } = newNames
      const now = Date.now()
      const keys = [rowKey(id), ...indexAndMark(added), ...dropped.map(indexKey)]
      const bounds = added.map((name) => (isOfCompany(name) ? provedAt : 0))
      const args = [was, text, id, endsAt ?? now + idle, now, added.length, ...bounds]
      return (await evaluate(scripts.replaceAndName, keys, args)) === 1
    },
    async endBy(id, time) {
      await redis.run((client) => client.pExpireAt(rowKey(id), time))
    },
    remove: (id) => redis.run(async (client) => (await client.getDel(rowKey(id))) ?? undefined),
    async removeByName(name) {
      const removed = await evaluate(
        scripts.removeByName,
        [indexKey(name), endedKey(name)],
        [rowKey(''), Date.now(), endedMarkLifetime],
      )
      return toRows(removed as string[])
    },
    async removeBegunBy(ends, lifetime) {
      const removed: Row[] = []
      for (let at = 0; at < ends.length; at += atOnce) {
        const some = ends.slice(at, at + atOnce)
        const bounds = some.map(({ begunBy }) => begunBy)
        const keys = indexAndMark(some.map(({ name }) => name))
        removed.push(
          ...toRows(
            (await evaluate(scripts.removeBegunBy, keys, [rowKey(''), lifetime, ...bounds])) as string[],
          ),
        )
      }
      return removed
    },
    async findByName(name) {
      const ids = await redis.run((client) => client.zRange(indexKey(name), 0, -1))
      if (ids.length === 0) return []
      const texts = await redis.run((client) => client.mGet(ids.map(rowKey)))
      return ids.flatMap((id, at) => (texts[at] ? [{ id, text: texts[at] }] : []))
    },
    async dropNames(id, names) {
      await redis.run((client) => Promise.all(names.map((name) => client.zRem(indexKey(name), id))))
    },
    markUsed: (what, time) =>
      redis.run(async (client) => {
        const expiration = { type: 'PX', value: time } as const
        return (await client.set(usedKey(what), '', { condition: 'NX', expiration })) !== null
      }),
    isUsed: (what) => redis.run(async (client) => (await client.exists(usedKey(what))) === 1),
    async note(what, word, time) {
      await redis.run((client) =>
        client.set(noteKey(what), word, { expiration: { type: 'PX', value: time } }),
      )
    },
    noted: (what) => redis.run(async (client) => (await client.get(noteKey(what))) ?? undefined),
    lease: async (what, owner, time) =>
      (await evaluate(scripts.lease, [leaseKey(what)], [owner, time])) === 1,
    async release(what, owner) {
      await evaluate(scripts.release, [leaseKey(what)], [owner])
    },
    isReady: redis.isReady,
    answers: () =>
      redis.rehearse().then(
        () => true,
        () => false,
      ),
  }
}

/** Redis gives pairs as one flat list. */
function toRows(pairs: string[]): Row[] {
  return Array.from({ length: pairs.length / 2 }, (_, at) => ({
    id: pairs[2 * at] ?? '',
    text: pairs[2 * at + 1] ?? '',
  }))
}
