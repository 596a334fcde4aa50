import type { Machine } from '../report/machine.ts'
import { ratioOf, spreadOf } from '../report/statistics.ts'
import type { Measured } from './scale.ts'

export type Language = 'en' | 'ja'

const inWords = (value: number, digits = 0) =>
  value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })

type Turn = Measured['turns'][number]
const each = ({ turns }: Measured, figure: keyof Turn) => turns.map((turn) => turn[figure])
const middle = (measured: Measured, figure: keyof Turn) => spreadOf(each(measured, figure)).median

/** Of one core, in percent, while pages are asked for as fast as they come. */
const coreOf = (measured: Measured, cpu: 'appCpu' | 'redisCpu') =>
  (middle(measured, 'rate') * middle(measured, cpu)) / 10_000

/** @returns the rows of the table: what, with few, with many, the ratio that counts, what is to be reached */
function rowsOf(few: Measured, many: Measured): string[][] {
  const both = (format: (measured: Measured) => string) => [format(few), format(many)]
  const beside = (figure: keyof Turn) => ratioOf(each(many, figure), each(few, figure)).median
  const reach = (ratio: number, isReached: boolean, bound: string) => [
    ratio.toFixed(2),
    `${bound}: ${isReached ? 'yes' : 'no'}`,
  ]
  const within = (figure: 'p50' | 'p99') => reach(beside(figure), beside(figure) <= 1.1, '≤ 1.10')
  const [rate, memory] = [beside('rate'), many.bytes / many.tokens]
  const { people, all } = many.away
  const going = many.away.during / many.away.before
  return [
    [
      'signed-in page, half of them within',
      ...both((m) => `${inWords(middle(m, 'p50'), 1)} ms`),
      ...within('p50'),
    ],
    ['99 of 100 within', ...both((m) => `${inWords(middle(m, 'p99'), 1)} ms`), ...within('p99')],
    [
      'pages of one process',
      ...both((m) => `${inWords(middle(m, 'rate'))}/s`),
      ...reach(rate, rate >= 1 / 1.1, '≥ 0.91'),
    ],
    ['CPU of the process for a page', ...both((m) => `${inWords(middle(m, 'appCpu'), 1)} µs`), '', ''],
    ['CPU of `redis-server` for a page', ...both((m) => `${inWords(middle(m, 'redisCpu'), 1)} µs`), '', ''],
    ['the process, of a core', ...both((m) => `${inWords(coreOf(m, 'appCpu'))} %`), '', ''],
    ['`redis-server`, of a core', ...both((m) => `${inWords(coreOf(m, 'redisCpu'))} %`), '', ''],
    [
      `a session in Redis with all its indexes, of tokens of ${inWords(many.tokens)} bytes`,
      ...both((m) => `${inWords(m.bytes)} bytes`),
      ...reach(memory, memory <= 1.6, '≤ 1.60 × its tokens'),
    ],
    ['all sessions', ...both((m) => `${inWords((m.bytes * m.size.sessions) / 1e6)} MB`), '', ''],
    ['a process started beside, to its first page', ...both((m) => `${inWords(m.start)} ms`), '', ''],
    [
      `sign-out everywhere of a person with ${many.size.busiest} sessions`,
      ...both((m) => `${inWords(m.everywhere)} ms`),
      '',
      '',
    ],
    [
      'a company taken away, until the process has heard of it',
      ...both((m) => `${inWords(m.away.heard)} ms`),
      '',
      '',
    ],
    [
      'until each of its people has asked for a page, and was a stranger',
      ...both((m) => `${inWords(m.away.people)} people, ${inWords(m.away.all / 1000, 1)} s`),
      '',
      `${inWords(people)} in ≤ 30 s: ${all <= 30_000 ? 'yes' : 'no'}`,
    ],
    [
      'pages of others meanwhile',
      ...both((m) => `${inWords(m.away.during)}/s of ${inWords(m.away.before)}/s`),
      ...reach(going, going >= 0.8, '≥ 0.80'),
    ],
  ]
}

/** What saturates first, as it was measured. */
const saturates: Record<Language, (app: string, redis: string) => string> = {
  en: (app, redis) =>
    `**The process saturates first:** asked as fast as it answers, it takes ${app} of a core, and \`redis-server\` ${redis} beside it.`,
  ja: (app, redis) =>
    `**最初に限界に達するのはプロセスです。** 応答できる限りの速さで要求したとき、プロセスは 1 コアの ${app}、\`redis-server\` は ${redis} を使います。`,
}
const otherwise: Record<Language, string> = {
  en: '**Neither the process nor `redis-server` filled a core:** the machine was busy with the load itself, or with something else.',
  ja: '**プロセスも `redis-server` も 1 コアを使い切っていません。** マシンが、負荷をかける側の処理か、ほかの処理で塞がっていました。',
}
const redisFirst: Record<Language, string> = {
  en: '**`redis-server` saturates first.**',
  ja: '**最初に限界に達するのは `redis-server` です。**',
}
const measuredOn: Record<Language, (machine: Machine) => string> = {
  en: ({ date, node, cpu, cores, memoryGiB }) =>
    `Measured on ${date} with Node.js ${node} on ${cpu}, ${cores} cores, ${memoryGiB} GiB: Redis, the process and the load share them.`,
  ja: ({ date, node, cpu, cores, memoryGiB }) =>
    `${date}、Node.js ${node}、${cpu}、${cores} コア、${memoryGiB} GiB で計測。Redis、プロセス、負荷をかける側がこれを共有しています。`,
}

function firstToSaturate(many: Measured, language: Language): string {
  const [app, redis] = [coreOf(many, 'appCpu'), coreOf(many, 'redisCpu')]
  if (Math.max(app, redis) < 70) return otherwise[language]
  return app >= redis ? saturates[language](`${inWords(app)} %`, `${inWords(redis)} %`) : redisFirst[language]
}

/** The table as Markdown, what saturates first, and the machine. */
export function scaleReport(
  [few, many]: readonly [Measured, Measured],
  machine: Machine,
  language: Language = 'en',
): string {
  const { people, companies } = many.size
  const heading = [
    `${inWords(many.size.sessions)} sessions of ${inWords(people)} people of ${inWords(companies)} companies`,
    ...[few, many].map(({ size }) => `with ${inWords(size.sessions)}`),
    ...['ratio', 'to reach'],
  ]
  const table = [heading, heading.map(() => '---'), ...rowsOf(few, many)]
  return [
    table.map((cells) => `| ${cells.join(' | ')} |`).join('\n'),
    firstToSaturate(many, language),
    measuredOn[language](machine),
  ].join('\n\n')
}
