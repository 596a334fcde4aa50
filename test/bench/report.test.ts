import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { replacePart } from '../support/generated-part.ts'
import type { Bench, Running } from './bench.ts'
import { formatJson } from './report/json.ts'
import { assertRoomFor, writeReport } from './report/readme.ts'
import { isReached, type Line, type RowResult } from './report/result.ts'
import { ratioOf, spreadOf } from './report/statistics.ts'
import { formatReport, formatTable } from './report/table.ts'
import type { Entrant } from './rows/entrant.ts'
import { race } from './rows/race.ts'

const machine = { cpu: 'A CPU', cores: 2, memoryGiB: 8, node: 'v20.19.0', date: '2026-01-02' }
const rate = (...values: number[]): Line => ({ what: 'bare', unit: '/s', value: spreadOf(values) })

describe('statistics', () => {
  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
    [[10, 9, 100], 10],
    [[7], 7],
  ])('spread, of %j, has the middle for its median', (values, median) => {
    expect(spreadOf(values)).toEqual({ median, least: Math.min(...values), most: Math.max(...values) })
  })

  it('spread, of nothing, is an error', () => {
    expect(() => spreadOf([])).toThrow('nothing was measured')
  })

  it('spread, of a list, leaves the list as it was', () => {
    const values = [3, 1, 2]
    spreadOf(values)
    expect(values).toEqual([3, 1, 2])
  })

  it('ratio, machine slow for one round, is taken round by round', () => {
    expect(ratioOf([50, 10, 50], [100, 20, 100])).toEqual({ median: 0.5, least: 0.5, most: 0.5 })
  })

  it('ratio, of unequal rounds, is an error', () => {
    expect(() => ratioOf([1, 2], [1])).toThrow('different rounds')
  })
})

describe('a race', () => {
  it('round, each, starts its contenders anew, lets each have a turn, and stops them', async () => {
    const done: string[] = []
    let processes = 0
    const entrant = (name: 'app' | 'bare', rate: number): Entrant => {
      const id = ++processes
      const stop = async () => void done.push(`${id} stops`)
      const turn = async (seconds: number) => {
        done.push(`${id} ${name} ${seconds}`)
        return { rate: rate * id }
      }
      return { running: { name, child: { stop } } as unknown as Running, title: name, turn }
    }
    const bench = { amounts: { rounds: 2, warmUp: 1, seconds: 5 }, tell() {} } as unknown as Bench
    const lines = await race(bench, {
      ...{ id: 'home', path: 'home', reference: 'bare', reach: { app: { atLeast: 1 } } },
      entrants: async () => [entrant('bare', 100), entrant('app', 50)],
    })
    expect(done).toEqual([
      ...['1 bare 1', '1 bare 5', '2 app 1', '2 app 5', '1 stops', '2 stops'],
      ...['4 app 1', '4 app 5', '3 bare 1', '3 bare 5', '3 stops', '4 stops'],
    ])
    expect(lines).toMatchObject([
      { what: 'bare', value: { median: 200 }, ratio: { median: 1 } },
      { what: 'app', value: { median: 150 }, ratio: { median: (1 + 200 / 300) / 2 }, reach: { atLeast: 1 } },
    ])
  })
})

describe('what is reached', () => {
  const line = rate(90)
  it('bound, line with a ratio, is on the ratio', () => {
    expect(isReached({ ...line, ratio: spreadOf([0.8]), reach: { atLeast: 0.85 } })).toBe(false)
    expect(isReached({ ...line, ratio: spreadOf([0.85]), reach: { atLeast: 0.85 } })).toBe(true)
  })

  it('bound, line without a ratio, is on the median', () => {
    expect(isReached({ ...line, reach: { atMost: 90 } })).toBe(true)
    expect(isReached({ ...line, reach: { atMost: 89 } })).toBe(false)
  })

  it('bound, of a line without one, is nothing', () => {
    expect(isReached(line)).toBeUndefined()
  })
})

const results: RowResult[] = [
  {
    id: 'home',
    path: 'home page',
    lines: [
      { ...rate(6400, 6512.4, 6600), ratio: spreadOf([1]) },
      {
        ...rate(4000),
        what: 'this app',
        ratio: spreadOf([0.8, 0.9, 0.861]),
        cpu: spreadOf([230, 231.4, 250]),
        reach: { atLeast: 0.85 },
      },
    ],
  },
  { id: 'redis', path: 'Redis', lines: [], skipped: 'there is none' },
  {
    id: 'start',
    path: 'start',
    lines: [{ what: 'first answer', unit: 'ms', value: spreadOf([612.3]), reach: { atMost: 500 } }],
  },
]

describe('the table', () => {
  it('table, several rows, names each path once and is aligned', () => {
    expect(formatTable(results).split('\n')).toEqual([
      '| path      | measured                | median  | spread        | ratio            | CPU each | to reach     |',
      '| --------- | ----------------------- | ------- | ------------- | ---------------- | -------- | ------------ |',
      '| home page | bare                    | 6,512/s | 6,400–6,600/s | 1.00             |          |              |',
      '|           | this app                | 4,000/s |               | 0.86 (0.80–0.90) | 231 µs   | ≥ 0.85: yes  |',
      '| Redis     | left out: there is none |         |               |                  |          |              |',
      '| start     | first answer            | 612 ms  |               |                  |          | ≤ 500 ms: no |',
    ])
  })

  it('report, any, names the machine and the day', () => {
    const report = formatReport(results, machine)
    for (const words of ['A CPU, 2 cores, 8 GiB', 'v20.19.0', '2026-01-02']) expect(report).toContain(words)
  })

  it('JSON, any, has the machine, the figures and what is reached', () => {
    const { machine: on, rows } = JSON.parse(formatJson(results, machine))
    expect(on).toEqual(machine)
    expect(rows[0].lines[0].value).toEqual({ median: 6512, least: 6400, most: 6600 })
    expect(rows[0].lines[1]).toMatchObject({ ratio: { median: 0.861 }, reached: true })
    expect(rows[1]).toMatchObject({ id: 'redis', skipped: 'there is none' })
    expect(rows[2].lines[0].reached).toBe(false)
  })
})

describe('the README', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-test-'))
  const file = join(folder, 'README.md')
  afterAll(() => rmSync(folder, { recursive: true }))

  it('report, written twice, stands between the markers once', async () => {
    writeFileSync(file, 'before\n<!-- bench: start -->\nold\n<!-- bench: end -->\nafter\n')
    await writeReport(file, 'first')
    await writeReport(file, 'second, of $& and $1')
    expect(readFileSync(file, 'utf8')).toBe(
      'before\n<!-- bench: start -->\nsecond, of $& and $1\n<!-- bench: end -->\nafter\n',
    )
  })

  it('README, without markers, is found out before anything is measured', async () => {
    writeFileSync(file, 'nothing')
    await expect(assertRoomFor(file)).rejects.toThrow('there must be one')
    expect(readFileSync(file, 'utf8')).toBe('nothing')
  })

  it.each([
    'no markers',
    '<!-- bench: start --> alone',
    '<!-- bench: end --> before <!-- bench: start -->',
    '<!-- bench: start --><!-- bench: end --><!-- bench: start --><!-- bench: end -->',
  ])('report, text with %s, is refused', (text) => {
    expect(() => replacePart(text, 'bench', 'report')).toThrow('there must be one <!-- bench: start -->')
  })
})
