import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { withoutRedis } from '../support/redis-server.ts'
import type { Fault } from './fault.ts'
import { type Stage, setStage } from './stage.ts'
import { faults } from './table.ts'

/** Rows that can share a stage, by the settings they want. */
const shared = new Map<string, Fault[]>()
for (const fault of faults.filter(({ alone }) => !alone)) {
  const settings = JSON.stringify(fault.settings ?? {})
  shared.set(settings, [...(shared.get(settings) ?? []), fault])
}
const alone = faults.filter(({ alone }) => alone)

const nameOf = ({ fault, holds }: Fault) => `${fault}, ${holds}`

async function play(stage: Stage, { run }: Fault): Promise<void> {
  await run(stage)
  expect(stage.processes.map(({ printed }) => printed()).join('')).toBe('')
  expect(JSON.stringify(stage.logs())).not.toMatch(/eyJ|_(session|try\.[\w-]+)=/)
}

describe.skipIf(withoutRedis)('faults', () => {
  it('table, its rows, say different things', () => {
    expect(new Set(faults.map(({ fault, holds }) => `${fault}: ${holds}`)).size).toBe(faults.length)
  })

  for (const [settings, rows] of shared) {
    describe(`with ${settings}`, () => {
      let stage: Stage
      beforeAll(async () => {
        stage = await setStage(JSON.parse(settings))
      })
      afterEach(async () => {
        stage.sandbox.control.clearFaults()
        stage.sandbox.control.shortenTokens(3600)
        stage.sandbox.control.rotateRefreshTokens(false)
        await stage.redis.flush()
      })
      afterAll(() => stage.close())
      for (const row of rows) it(nameOf(row), () => play(stage, row))
    })
  }

  describe('on a stage of its own', () => {
    for (const row of alone) {
      it(nameOf(row), async () => {
        const stage = await setStage(row.settings)
        try {
          await play(stage, row)
        } finally {
          await stage.close()
        }
      })
    }
  })
})
