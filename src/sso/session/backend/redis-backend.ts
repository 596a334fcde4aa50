import { RedisRefusesError } from '../../redis/redis-away.ts'
import type { RedisConnection } from '../../redis/redis-connection.ts'
import { isOfCompany, type SessionName } from '../session-data.ts'
import { redisNames } from './redis-names.ts'
import { redisRows } from './redis-rows.ts'
import { scripts } from './redis-scripts.ts'
import { endedMarkLifetime, type SessionBackend } from './session-backend.ts'

/** Names that one step goes through, so that nobody else waits for long. */
const atOnce = 100

/**
 * Sessions in Redis or Valkey, for any number of processes. A row, the index of a name and the mark that a name was
 * ended are keys of their own, which a cluster keeps in different places. So what concerns several of them is done step
 * by step, in an order in which another process may come between any two steps, and any step may be the last one:
 *
 * - **Begin:** the row, then its names, then a look at the marks. Nobody has the ID before the last step: a row left
 *   behind is nobody's. An ID in an index has had its row, so that one without a row is done with for good.
 * - **End by name:** the mark, then a look at the index, then the rows. Whoever begins and finds no mark has named the row
 *   before the mark was set, and so before the index was read: the row is found. A second try ends what a first one left.
 * - **Get another name:** the new name, then a look at the marks, then the row, if it is unchanged, then the old name is
 *   dropped. Whoever ends the new name sets the mark before that look, or finds the row; a row that was removed is not
 *   replaced. A name left behind leads to a session that had it a moment ago, and runs out with it.
 *
 * @param redis the connection; what it raises goes on to the caller
 * @param options.idle milliseconds without a read after which a row is gone
 */
export function redisBackend(redis: RedisConnection, { idle }: { idle: number }): SessionBackend {
  const rows = redisRows(redis)
  const names = redisNames(redis)
  const usedKey = (what: string) => `${redis.prefix}used:${what}`
  const noteKey = (what: string) => `${redis.prefix}note:${what}`
  const leaseKey = (what: string) => `${redis.prefix}lease:${what}`
  const evaluate = (script: string, key: string, args: Array<string | number>) =>
    redis.run((client) => client.eval(script, { keys: [key], arguments: args.map(String) }))

  /** @param bounds of what a company says, and of what Logto does */
  const wasEnded = async (all: readonly SessionName[], bounds: { company: number; logto: number }) => {
    const ended = await names.ended(all)
    return ended.some((at, index) => {
      const name = all[index]
      return at >= (name && isOfCompany(name) ? bounds.company : bounds.logto)
    })
  }

  return {
    async read(id) {
      const text = await redis
        .run((client) => client.getEx(rows.key(id), { type: 'PX', value: idle }))
        .catch((error) => {
          // To put the idle limit off is a write. Where none is taken, whoever is signed in is so all the same.
          if (!(error instanceof RedisRefusesError)) throw error
          return redis.run((client) => client.get(rows.key(id)))
        })
      return text ?? undefined
    },
    async create({ id, text, names: all, endsAt, since, provedAt = since }) {
      const now = Date.now()
      const end = endsAt ?? now + idle
      if (end <= now) return []
      try {
        await rows.write(id, text, Math.min(idle, end - now))
        const crowds = await names.add(all, id, { end, now })
        if (!(await wasEnded(all, { company: provedAt, logto: since }))) {
          // Where room cannot be made now, the next one makes it.
          return await names.makeRoom(crowds, id, rows).catch(() => [])
        }
      } catch (error) {
        await rows.take([id]).catch(() => {}) // nobody has its ID
        throw error
      }
      await rows.take([id])
      await names.drop(all, [id]).catch(() => {})
      return undefined
    },
    wasEnded: (name, since) => wasEnded([name], { company: since, logto: since }),
    async replace({ id, text, newNames }, was) {
      if (newNames) {
        const { added, endsAt, provedAt = 0 } = newNames
        const now = Date.now()
        await names.add(added, id, { end: endsAt ?? now + idle, now })
        if (await wasEnded(added, { company: provedAt, logto: 0 })) {
          await evaluate(scripts.removeUnchanged, rows.key(id), [was])
          return false
        }
      }
      if ((await evaluate(scripts.replace, rows.key(id), [was, text])) !== 1) return false
      if (newNames) await names.drop(newNames.dropped, [id]).catch(() => {})
      return true
    },
    async endBy(id, time) {
      await redis.run((client) => client.pExpireAt(rows.key(id), time))
    },
    remove: async (id) => (await rows.take([id]))[0]?.text,
    async removeByName(name) {
      await names.mark([{ name, begunBy: Date.now() }], endedMarkLifetime)
      const [ids = []] = await names.idsOf([name])
      const removed = await rows.take(ids)
      await names.drop([name], ids)
      return removed
    },
    async removeBegunBy(ends, lifetime) {
      const removed = []
      for (let at = 0; at < ends.length; at += atOnce) {
        const some = ends.slice(at, at + atOnce)
        await names.mark(some, lifetime)
        const found = await names.idsOf(some.map(({ name }) => name))
        const begun = await rows.begun(found.flat())
        const over = some.map(({ begunBy }, index) =>
          (found[index] ?? []).filter((id) => (begun.get(id) ?? 0) <= begunBy),
        )
        removed.push(...(await rows.take([...new Set(over.flat())])))
        await names.dropEach(some.map(({ name }, index) => ({ name, ids: over[index] ?? [] })))
      }
      return removed
    },
    async findByName(name) {
      const [ids = []] = await names.idsOf([name])
      return rows.find(ids)
    },
    dropNames: (id, all) => names.drop(all, [id]),
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
    lease: async (what, owner, time) => (await evaluate(scripts.lease, leaseKey(what), [owner, time])) === 1,
    async release(what, owner) {
      await evaluate(scripts.removeUnchanged, leaseKey(what), [owner])
    },
    isReady: redis.isReady,
    answers: () =>
      redis.rehearse().then(
        () => true,
        () => false,
      ),
  }
}
