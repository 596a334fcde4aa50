import type { Request } from 'express'
import { describe, expect, it } from 'vitest'
import type { Logger } from '../../../src/sso/http/logger.ts'
import { RedisAwayError } from '../../../src/sso/redis/redis-away.ts'
import { beginRecord } from '../../../src/sso/request.ts'
import { memoryBackend } from '../../../src/sso/session/backend/memory-backend.ts'
import type { Ending, SessionBackend } from '../../../src/sso/session/backend/session-backend.ts'
import { SessionStore } from '../../../src/sso/session/session-store.ts'
import { companyEndings } from '../../../src/sso/sign-out/company-endings.ts'

const hour = 3_600_000
const ending = (person: string | number, begunBy = 1) =>
  ({ name: `identity:${person}`, begunBy, by: 'okta_deactivated' }) as const
const people = (count: number) => Array.from({ length: count }, (_, person) => ending(person))

/**
 * What companies say, over a store that can be away.
 *
 * @param answer called before each call that ends something, with how many there were before; it raises while the store
 *   is away
 */
function endingsOver(answer: (calls: number) => unknown, isReady = () => true) {
  const rows = memoryBackend({ idle: hour })
  const lines: Record<string, unknown>[] = []
  const calls: Ending[][] = []
  const write = (facts: object) => lines.push({ ...facts })
  const logger: Logger = { debug: write, info: write, warn: write, error: write, child: () => logger }
  const backend: SessionBackend = {
    ...rows,
    isReady,
    async removeBegunBy(ends, lifetime) {
      await answer(calls.push([...ends]) - 1)
      return rows.removeBegunBy(ends, lifetime)
    },
  }
  const endings = companyEndings({ store: new SessionStore(backend, hour), revoke: () => {}, logger })
  const req = {} as Request
  beginRecord(req, { logger, trustOf: () => () => false })
  const end = (...all: Parameters<typeof endings.end>[1][number][]) => endings.end(req, all)
  const told = (name: string) => lines.flatMap((line) => line[name] ?? [])
  return { end, close: endings.close, told, rows, calls }
}

const away = () => {
  throw new RedisAwayError('not connected')
}
/** Away for the first calls. */
const awayFor = (calls: number) => (before: number) => before < calls && away()
const refused = expect.objectContaining({ status: 503, code: 'sessions_unavailable' })

describe('what a company has ended while the store is away', () => {
  it.each([
    ['first', [ending('erin', 9), ending('erin', 5)]],
    ['last', [ending('erin', 5), ending('erin', 9)]],
  ])('word, of two about one person, the later one said %s, counts', async (_when, said) => {
    let isAway = true
    const { end, told, rows } = endingsOver(() => isAway && away())
    for (const each of said) await expect(end(each)).rejects.toEqual(refused)
    isAway = false
    await expect.poll(() => told('ended')).toEqual([1])
    expect(await rows.wasEnded('identity:erin', 9)).toBe(true)
  })

  it('words, of which a part was carried out, are kept for the rest alone, and so again', async () => {
    // The first hundred are done; then the store is away twice, the second time in the midst of the rest.
    const { end, told } = endingsOver((before) => [1, 3].includes(before) && away())
    await expect(end(...people(250))).rejects.toEqual(refused)
    expect(told('kept')).toEqual([150])
    await expect.poll(() => told('ended')).toEqual([100, 50])
  })

  it('words, of a second time, are carried out as those of the first', async () => {
    const { end, told } = endingsOver((before) => [0, 2].includes(before) && away())
    await expect(end(ending('erin'))).rejects.toEqual(refused)
    await expect.poll(() => told('ended')).toEqual([1])
    await expect(end(ending('sam'))).rejects.toEqual(refused)
    await expect.poll(() => told('ended')).toEqual([1, 1])
  })

  it('word, said while an earlier one about the same person is carried out, is carried out after it', async () => {
    let late: Promise<void> | undefined
    const { end, told, rows } = endingsOver(async (before) => {
      if (before === 0 || before === 2) away()
      if (before !== 1) return
      late = end(ending('erin', 9))
      await late.catch(() => {})
    })
    await expect(end(ending('erin', 5))).rejects.toEqual(refused)
    await expect.poll(() => told('ended')).toEqual([1, 1])
    await expect(late).rejects.toEqual(refused)
    expect(await rows.wasEnded('identity:erin', 9)).toBe(true)
  })

  it('store, known to be away, is not asked', async () => {
    let looks = 0
    const { end, calls } = endingsOver(awayFor(1), () => ++looks > 3)
    await expect(end(ending('erin'))).rejects.toEqual(refused)
    await expect.poll(() => calls.length).toBe(2)
    expect(looks).toBe(4)
  })

  it('words, more than are kept, are counted', async () => {
    const { end, told, close } = endingsOver(away)
    await expect(end(...people(100_001))).rejects.toEqual(refused)
    expect([told('kept'), told('lost')]).toEqual([[100_000], [1]])
    // One about somebody who is waited for already takes no room.
    await expect(end(ending(7, 2))).rejects.toEqual(refused)
    expect(told('lost')).toEqual([1])
    await close()
  })

  it('process, that ends, tries once more, and says what is lost', async () => {
    const once = endingsOver(awayFor(1), () => false)
    await expect(once.end(ending('erin', 5))).rejects.toEqual(refused)
    await once.close()
    expect([once.told('ended'), once.told('lost')]).toEqual([[1], []])
    expect(await once.rows.wasEnded('identity:erin', 5)).toBe(true)
    const never = endingsOver(away, () => false)
    await expect(never.end(...people(3))).rejects.toEqual(refused)
    await never.close()
    expect(never.told('lost')).toEqual([3])
    await never.close()
    expect(never.told('lost')).toEqual([3])
  })
})
