import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { RedisConnection } from '../../../src/sso/redis/redis-connection.ts'
import { redisBackend } from '../../../src/sso/session/backend/redis-backend.ts'
import {
  mostOfOneName,
  type NewRow,
  type SessionBackend,
} from '../../../src/sso/session/backend/session-backend.ts'
import type { CompanyName } from '../../../src/sso/session/session-data.ts'

let count = 0
export const newId = () => `id-${++count}`
export const hour = 3_600_000

export const row = (given: Partial<NewRow> = {}): NewRow => ({
  id: newId(),
  text: '{"a":1}',
  names: [],
  endsAt: Date.now() + hour,
  since: Date.now(),
  ...given,
})

/** What holds wherever sessions are kept. */
export function contract(open: (idle: number) => SessionBackend) {
  it('row, made and read, is what it was', async () => {
    const backend = open(hour)
    const made = row()
    expect(await backend.create(made)).toEqual([])
    expect(await backend.read(made.id)).toBe(made.text)
    expect(await backend.read('another')).toBeUndefined()
  })

  it('row, not read for the idle limit, is gone, and reading puts that off', async () => {
    const backend = open(500)
    const name = `sub:${newId()}` as const
    const [read, left] = [row(), row({ names: [name] })]
    await backend.create(read)
    await backend.create(left)
    while ((await backend.findByName(name)).length > 0) {
      expect(await backend.read(read.id)).toBe(read.text)
      await pause(50)
    }
    expect(await backend.read(left.id)).toBeUndefined()
    expect(await backend.read(read.id)).toBe(read.text)
  })

  it('row, its end come, is gone however idle it may be', async () => {
    const backend = open(hour)
    const [made, ended] = [row({ endsAt: Date.now() + 100 }), row()]
    await backend.create(made)
    await backend.create(ended)
    await backend.endBy(ended.id, Date.now() + 100)
    await pause(150)
    expect(await backend.read(made.id)).toBeUndefined()
    expect(await backend.read(ended.id)).toBeUndefined()
  })

  it('sessions of one name, more than are kept, are made in place of the oldest that is there', async () => {
    const backend = open(hour)
    const names = [`sub:${newId()}`] as const
    const made = Array.from({ length: mostOfOneName }, (_, age) =>
      row({ names, endsAt: Date.now() + hour + age }),
    )
    const other = row({ names: [`sub:${newId()}`], endsAt: Date.now() + hour / 2 })
    for (const each of [other, ...made]) expect(await backend.create(each)).toEqual([])
    await backend.remove(made[5]?.id ?? '')
    const [oldest, next] = [made[0], made[1]].map((each) => ({ id: each?.id, text: each?.text }))
    expect(await backend.create(row({ names }))).toEqual([])
    // The newest of all, though its end comes first.
    const newest = row({ names, endsAt: Date.now() + hour / 4 })
    expect(await backend.create(newest)).toHaveLength(1)
    expect(await backend.read(newest.id)).toBe(newest.text)
    const left = await backend.findByName(names[0])
    expect(left).toHaveLength(mostOfOneName)
    expect(left).not.toContainEqual(oldest)
    expect(left).toContainEqual(next)
    expect(await backend.read(other.id)).toBe(other.text)
  })

  it('row, its end past already, is never made', async () => {
    const backend = open(hour)
    const made = row({ endsAt: Date.now() - 1 })
    await backend.create(made)
    expect(await backend.read(made.id)).toBeUndefined()
  })

  it('row, changed since it was read, is not replaced', async () => {
    const backend = open(hour)
    const made = row()
    await backend.create(made)
    expect(await backend.replace({ id: made.id, text: 'second' }, made.text)).toBe(true)
    expect(await backend.replace({ id: made.id, text: 'third' }, made.text)).toBe(false)
    expect(await backend.read(made.id)).toBe('second')
  })

  it('row, replaced, keeps its end', async () => {
    const backend = open(hour)
    const made = row({ endsAt: Date.now() + 200 })
    await backend.create(made)
    await backend.replace({ id: made.id, text: 'second' }, made.text)
    await pause(250)
    expect(await backend.read(made.id)).toBeUndefined()
  })

  it('row, removed, is not brought back by a replacement', async () => {
    const backend = open(hour)
    const made = row()
    await backend.create(made)
    expect(await backend.remove(made.id)).toBe(made.text)
    expect(await backend.remove(made.id)).toBeUndefined()
    expect(await backend.replace({ id: made.id, text: 'second' }, made.text)).toBe(false)
    expect(await backend.read(made.id)).toBeUndefined()
  })

  it('sessions of a name, removed, are gone, and those of others are not', async () => {
    const backend = open(hour)
    const person = `sub:${newId()}` as const
    const mine = [row({ names: [person] }), row({ names: [person, `sid:${newId()}`] })]
    const other = row({ names: [`sub:${newId()}`] })
    for (const each of [...mine, other]) await backend.create(each)
    expect((await backend.findByName(person)).map(({ id }) => id).toSorted()).toEqual(
      mine.map(({ id }) => id),
    )
    const removed = await backend.removeByName(person)
    expect(removed.toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual(
      mine.map(({ id, text }) => ({ id, text })),
    )
    for (const { id } of mine) expect(await backend.read(id)).toBeUndefined()
    expect(await backend.read(other.id)).toBe(other.text)
    expect(await backend.findByName(person)).toEqual([])
  })

  it('row, replaced with other names, is found by the new ones and by the old ones no more', async () => {
    const backend = open(hour)
    const [person, before, after] = [`sub:${newId()}`, `sid:${newId()}`, `sid:${newId()}`] as const
    const made = row({ names: [person, before] })
    await backend.create(made)
    const newNames = { added: [after], dropped: [before], endsAt: made.endsAt }
    expect(await backend.replace({ id: made.id, text: 'second', newNames }, 'another')).toBe(false)
    expect(await backend.findByName(before)).toHaveLength(1)
    expect(await backend.replace({ id: made.id, text: 'second', newNames }, made.text)).toBe(true)
    expect(await backend.removeByName(before)).toEqual([])
    expect(await backend.findByName(person)).toEqual([{ id: made.id, text: 'second' }])
    expect(await backend.removeByName(after)).toEqual([{ id: made.id, text: 'second' }])
  })

  it('row, replaced with a name that was ended a moment ago, is gone', async () => {
    const backend = open(hour)
    const [before, after] = [`sid:${newId()}`, `sid:${newId()}`] as const
    const made = row({ names: [before] })
    await backend.create(made)
    await backend.removeByName(after)
    const newNames = { added: [after], dropped: [before], endsAt: made.endsAt }
    expect(await backend.replace({ id: made.id, text: 'second', newNames }, made.text)).toBe(false)
    expect(await backend.read(made.id)).toBeUndefined()
  })

  it('row, of a sign-in that was under way when its name was ended, is not made', async () => {
    const backend = open(hour)
    const [person, session] = [`sub:${newId()}`, `sid:${newId()}`] as const
    const since = Date.now()
    await backend.removeByName(person)
    const made = row({ names: [session, person], since })
    expect(await backend.create(made)).toBeUndefined()
    expect(await backend.read(made.id)).toBeUndefined()
    expect(await backend.create({ ...made, since: Date.now() + 1 })).toEqual([])
    const ended = [person, session].map((name) => backend.wasEnded(name, since))
    expect(await Promise.all(ended)).toEqual([true, false])
    expect(await backend.wasEnded(person, Date.now() + 1)).toBe(false)
  })

  it('rows of many names, ended by what a company says, are those that began by then, and no others', async () => {
    const rows = open(hour)
    const at = Date.now() - 60_000
    const begun = (startedAt: number, name: CompanyName) =>
      row({ text: JSON.stringify({ a: '"startedAt":1', startedAt }), names: [name], since: startedAt })
    const names = Array.from({ length: 250 }, () => `identity:${newId()}` as const)
    const before = names.map((name) => begun(at, name))
    const after = names.map((name) => begun(at + 1, name))
    const other = begun(at, `identity:${newId()}`)
    for (const each of [...before, ...after, other]) await rows.create({ ...each, provedAt: at + 1 })
    const ended = await rows.removeBegunBy(
      names.map((name) => ({ name, begunBy: at })),
      hour,
    )
    expect(ended.map(({ id }) => id).toSorted()).toEqual(before.map(({ id }) => id).toSorted())
    expect(await rows.read(before[0]?.id ?? '')).toBeUndefined()
    for (const each of [after[0], after[249], other]) expect(await rows.read(each?.id ?? '')).toBeDefined()
    expect(await rows.findByName(names[7] ?? 'sub:x')).toHaveLength(1)
  })

  it('row, of a name that a company has spoken of, is made by a newer proof only, for as long as told', async () => {
    const rows = open(hour)
    const name = `identity:${newId()}` as const
    const at = Date.now() - 60_000
    await rows.removeBegunBy([{ name, begunBy: at }], 400)
    // What is older changes nothing.
    await rows.removeBegunBy([{ name, begunBy: at - 10 }], 400)
    const made = row({ names: [`sub:${newId()}`, name], since: Date.now() })
    expect(await rows.create({ ...made, provedAt: at })).toBeUndefined()
    expect(await rows.create({ ...made, provedAt: 0 })).toBeUndefined()
    expect(await rows.create({ ...made, provedAt: at + 1 })).toEqual([])
    const newNames = { added: [name], dropped: [], endsAt: made.endsAt }
    const unnamed = row({ names: [] })
    await rows.create(unnamed)
    expect(
      await rows.replace(
        { id: unnamed.id, text: 'x', newNames: { ...newNames, provedAt: at + 1 } },
        unnamed.text,
      ),
    ).toBe(true)
    expect(await rows.replace({ id: unnamed.id, text: 'y', newNames }, 'x')).toBe(false)
    expect(await rows.read(unnamed.id)).toBeUndefined()
    await expect
      .poll(() => rows.create({ ...row({ names: [name] }), provedAt: 0 }), { timeout: 3000 })
      .toEqual([])
  })

  it('row, taken out of the index or run out, is not of that name', async () => {
    const backend = open(hour)
    const person = `sub:${newId()}` as const
    const [first, second] = [row({ names: [person], endsAt: Date.now() + 100 }), row({ names: [person] })]
    await backend.create(first)
    await backend.create(second)
    await pause(150)
    expect((await backend.findByName(person)).map(({ id }) => id)).toEqual([second.id])
    await backend.dropNames(second.id, [person])
    expect(await backend.findByName(person)).toEqual([])
  })

  it('claim, of many at once, is given to one, and again once it has run out', async () => {
    const backend = open(hour)
    const what = newId()
    const given = await Promise.all(Array.from({ length: 20 }, () => backend.markUsed(what, 100)))
    expect(given.filter(Boolean)).toHaveLength(1)
    expect(await backend.isUsed(what)).toBe(true)
    expect(await backend.isUsed('another')).toBe(false)
    await pause(150)
    expect(await backend.isUsed(what)).toBe(false)
    expect(await backend.markUsed(what, 100)).toBe(true)
  })

  it('word, noted, is there for others until its time is over', async () => {
    const backend = open(hour)
    const what = newId()
    await backend.note(what, 'a word', 100)
    expect(await backend.noted(what)).toBe('a word')
    expect(await backend.noted('another')).toBeUndefined()
    await pause(150)
    expect(await backend.noted(what)).toBeUndefined()
  })

  it('lease, held, is nobody else’s to take or to give back, and its owner can prolong it', async () => {
    const backend = open(hour)
    const what = newId()
    expect(await backend.lease(what, 'one', hour)).toBe(true)
    expect(await backend.lease(what, 'two', hour)).toBe(false)
    await backend.release(what, 'two')
    expect(await backend.lease(what, 'one', 50)).toBe(true)
    expect(await backend.lease(what, 'one', hour)).toBe(true)
    await pause(100)
    expect(await backend.lease(what, 'two', hour)).toBe(false)
    await backend.release(what, 'one')
    expect(await backend.lease(what, 'two', 50)).toBe(true)
    await expect.poll(() => backend.lease(what, 'one', hour)).toBe(true)
  })
}

/** What holds where a backend does its work step by step. @param open gives the connection it does so by */
export function steps(open: () => RedisConnection) {
  const whole = () => redisBackend(open(), { idle: hour })
  /** A backend in which something else happens before one of its steps. */
  const interrupted = (step: number, happen: () => Promise<unknown>) => {
    let at = 0
    const redis = open()
    return redisBackend(
      {
        ...redis,
        async run(commands) {
          if (at++ === step) await happen()
          return redis.run(commands)
        },
      },
      { idle: hour },
    )
  }
  /** A backend whose process ends before one of its steps. */
  const until = (step: number) => {
    let at = 0
    const redis = open()
    const run: RedisConnection['run'] = (commands) =>
      at++ < step ? redis.run(commands) : Promise.reject(new Error('the process ended'))
    return redisBackend({ ...redis, run }, { idle: hour })
  }
  /** Goes through the steps of some work until it is through without the other one. @returns how many there are */
  async function atEachStep(work: (step: number, happened: () => void) => Promise<void>): Promise<number> {
    for (let step = 0; ; step++) {
      let didHappen = false
      await work(step, () => {
        didHappen = true
      })
      if (!didHappen) return step
    }
  }

  const ends: Array<
    [
      what: string,
      name: () => CompanyName | `sub:${string}`,
      end: (rows: SessionBackend, name: never) => Promise<unknown>,
    ]
  > = [
    ['everything of a name', () => `sub:${newId()}`, (rows, name) => rows.removeByName(name)],
    [
      'what a company says is over',
      () => `identity:${newId()}`,
      (rows, name) => rows.removeBegunBy([{ name, begunBy: Date.now() }], hour),
    ],
  ]
  describe.each(ends)('end of %s', (_what, newName, endOf) => {
    const text = () => JSON.stringify({ startedAt: Date.now() })
    /** A sign-in under way, and a session that is to get the name; each as a row and the work that gives it the name. */
    const writers = (name: CompanyName | `sub:${string}`) => {
      const begun = row({ text: text(), names: [`sid:${newId()}`, name] })
      const named = row({ text: text(), names: [`sid:${newId()}`] })
      const newNames = { added: [name], dropped: named.names, endsAt: named.endsAt, provedAt: Date.now() }
      return [
        { id: begun.id, write: (rows: SessionBackend) => rows.create(begun) },
        {
          id: named.id,
          prepare: () => whole().create(named),
          write: (rows: SessionBackend) => rows.replace({ id: named.id, text: text(), newNames }, named.text),
        },
      ]
    }

    it.each([0, 1])('before any step of a writer, of two kinds (%i), outlasts it', async (kind) => {
      const count = await atEachStep(async (step, happened) => {
        const name = newName()
        const writer = writers(name)[kind]
        await writer?.prepare?.()
        let isOver = false
        await writer?.write(
          interrupted(step, async () => {
            happened()
            await endOf(whole(), name as never)
            isOver = true
          }),
        )
        if (isOver) expect(await whole().read(writer?.id ?? ''), `step ${step}`).toBeUndefined()
      })
      expect(count).toBeGreaterThanOrEqual(3)
    })

    it.each([0, 1])('with a writer before any of its steps, of two kinds (%i), outlasts it', async (kind) => {
      const count = await atEachStep(async (step, happened) => {
        const name = newName()
        const writer = writers(name)[kind]
        await whole().create(row({ text: text(), names: [name] }))
        await writer?.prepare?.()
        let didWrite = false
        const rows = interrupted(step, async () => {
          happened()
          await writer?.write(whole())
          didWrite = true
        })
        await endOf(rows, name as never)
        if (didWrite) expect(await whole().read(writer?.id ?? ''), `step ${step}`).toBeUndefined()
        expect(await whole().findByName(name)).toEqual([])
      })
      expect(count).toBeGreaterThanOrEqual(4)
    })

    it('broken off at any step, is carried out by a second try, and keeps out whoever was on the way', async () => {
      for (let step = 0; step < 6; step++) {
        const name = newName()
        const [late, there] = [row({ names: [name] }), row({ text: text(), names: [name] })]
        await whole().create(there)
        const isThrough = await endOf(until(step), name as never).then(
          () => true,
          () => false,
        )
        expect(isThrough).toBe(step >= 4 + Number(name.startsWith('identity')))
        if (step > 0) expect(await whole().create(late)).toBeUndefined()
        await endOf(whole(), name as never)
        for (const { id } of [there, late]) expect(await whole().read(id)).toBeUndefined()
      }
    })
  })

  it('row, whose other name was on the way when the process ended, is found by the name that it has', async () => {
    for (let step = 0; step < 5; step++) {
      const [was, becomes] = [`sid:${newId()}`, `sid:${newId()}`] as const
      const made = row({ names: [was] })
      await whole().create(made)
      const newNames = { added: [becomes], dropped: [was], endsAt: made.endsAt }
      await until(step)
        .replace({ id: made.id, text: 'second', newNames }, made.text)
        .catch(() => {})
      const text = await whole().read(made.id)
      expect(text).toBe(step < 3 ? made.text : 'second')
      expect(await whole().removeByName(text === 'second' ? becomes : was)).toEqual([{ id: made.id, text }])
    }
  })

  it('row of which one step fails, is nowhere, since nobody has its ID', async () => {
    const failing = new Error('one step failed')
    const count = await atEachStep(async (step, happened) => {
      const name = `sub:${newId()}` as const
      const rows = interrupted(step, async () => {
        happened()
        throw failing
      })
      const made = row({ names: [name] })
      const outcome = await rows.create(made).catch((error: unknown) => error)
      if (outcome === failing)
        expect([await whole().read(made.id), await whole().findByName(name)]).toEqual([undefined, []])
    })
    expect(count).toBeGreaterThanOrEqual(3)
  })

  it('row, with room made for another of its name before any step, is found by it', async () => {
    const name = `sub:${newId()}` as const
    const next = (at: number) => row({ names: [name], endsAt: Date.now() + hour + at })
    for (let at = 0; at < mostOfOneName; at++) await whole().create(next(at))
    const count = await atEachStep(async (step, happened) => {
      const late = 1000 * (step + 1)
      const [made, other] = [next(late), next(late + 1)]
      const rows = interrupted(step, async () => {
        happened()
        await whole().create(other)
      })
      await rows.create(made)
      expect((await whole().findByName(name)).map(({ id }) => id)).toContain(made.id)
    })
    expect(count).toBeGreaterThanOrEqual(4)
  })

  it('row, whose process ended before it was named, is in nobody’s way', async () => {
    for (let step = 0; step < 4; step++) {
      const name = `sub:${newId()}` as const
      await until(step)
        .create(row({ names: [name] }))
        .catch(() => {})
      const next = row({ names: [name] })
      expect(await whole().create(next)).toEqual([])
      expect((await whole().removeByName(name)).map(({ id }) => id)).toContain(next.id)
    }
  })
}
