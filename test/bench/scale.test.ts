import { spawnSync } from 'node:child_process'
import { afterAll, describe, expect, it } from 'vitest'
import { short } from './amounts.ts'
import { Bench } from './bench.ts'
import { thisMachine } from './report/machine.ts'
import { scaleReport } from './scale/report.ts'
import { measureScale } from './scale/scale.ts'
import { sizeOf } from './scale/size.ts'

const bench = new Bench(short)
afterAll(() => bench.close())

const hasRedis = spawnSync('redis-server', ['--version']).status === 0

describe('the bench of many sessions', () => {
  it.skipIf(!hasRedis && !process.env.CI)(
    'size, small, is measured whole: everybody who is to be in is in, and out who is to be out',
    async () => {
      const measured = await measureScale(bench, 'small')
      if (!measured) throw new Error('there is no redis-server')
      const [, many] = measured
      expect(many).toMatchObject({ size: { sessions: 1000 }, away: { people: 40 } })
      expect(many.bytes).toBeGreaterThan(many.tokens)
      const report = scaleReport(measured, thisMachine(), 'ja')
      expect(report).not.toMatch(/NaN|undefined|Infinity/)
    },
    180_000,
  )

  it.each(['999', '1000001', 'many', ''])('size, %j, is none', (typed) => {
    expect(() => sizeOf(typed)).toThrow('--scale')
  })
})
