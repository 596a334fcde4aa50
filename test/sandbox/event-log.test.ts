import { expect, it } from 'vitest'
import { keep } from '../../src/sandbox/logto/control/event-log.ts'

it('list, full, forgets what is longest ago', () => {
  const list: number[] = []
  for (let number = 1; number <= 10_002; number += 1) keep(list, number)
  expect(list).toHaveLength(10_000)
  expect([list[0], list.at(-1)]).toEqual([3, 10_002])
})
