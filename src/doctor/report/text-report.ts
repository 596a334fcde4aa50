import { styleText } from 'node:util'
import { visible, visibleLines } from '../../settings/visible.ts'
import type { Result, Status } from '../check.ts'

const marks = {
  ok: { mark: 'ok', colour: 'green' },
  warning: { mark: 'warning', colour: 'yellow' },
  broken: { mark: 'BROKEN', colour: 'red' },
  unknown: { mark: 'unknown', colour: 'yellow' },
  skipped: { mark: '-', colour: 'dim' },
} as const satisfies Record<Status, { mark: string; colour: string }>

const width = Math.max(...Object.values(marks).map(({ mark }) => mark.length))
const indent = ' '.repeat(width + 2)

/**
 * The results for people: a line for each link, and for those that are not well what was tried, what came back, what
 * that means and how to fix it.
 *
 * @param options.colours whether the terminal shows them
 */
export function textReport(results: readonly Result[], { colours }: { colours: boolean }): string {
  const blocks = results.map((result) => blockOf(result, colours))
  return `${blocks.join('\n')}\n\n${summary(results)}\n`
}

function blockOf(result: Result, colours: boolean): string {
  const { mark, colour } = marks[result.status]
  const padded = mark.padEnd(width)
  const shown = colours ? styleText(colour, padded, { validateStream: false }) : padded
  const head = `${shown}  ${result.title} (${result.id})`
  if (result.status === 'ok') return indented(`${head}: `, result.answer, indent)
  if (result.status === 'skipped') return `${head}: not tried, ${visible(result.because ?? '')}`
  const details = [
    ['tried', result.tried],
    ['answer', result.answer],
    ['meaning', result.meaning],
    ['fix', result.fix],
  ].flatMap(([name = '', text]) => (text ? [detail(name, text)] : []))
  return [head, ...details].join('\n')
}

function detail(name: string, text: string): string {
  const label = `${indent}${name.padEnd(8)}`
  return indented(label, text, ' '.repeat(label.length))
}

/** A text whose further lines stand further in, so that none of them can look like a finding. */
const indented = (label: string, text: string, indent: string) =>
  label + visibleLines(text).replaceAll('\n', `\n${indent}`)

function summary(results: readonly Result[]): string {
  const of = (status: Status) => results.filter((result) => result.status === status)
  const broken = of('broken')
  const unknown = of('unknown')
  const counts = [
    [of('ok').length, 'ok'],
    [of('warning').length, of('warning').length === 1 ? 'warning' : 'warnings'],
    [of('unknown').length, 'unknown'],
    [of('skipped').length, 'not tried'],
  ] as const
  const rest = counts.flatMap(([count, word]) => (count > 0 ? [`${count} ${word}`] : [])).join(', ')
  const ids = (some: readonly Result[]) => some.map(({ id }) => id).join(', ')
  if (broken.length > 0) return `Broken: ${ids(broken)}. ${rest}.`
  if (unknown.length > 0) return `Not everything could be checked: ${ids(unknown)}. ${rest}.`
  return `Nothing is broken. ${rest}.`
}
