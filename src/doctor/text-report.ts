import { styleText } from 'node:util'
import { visible, visibleLines } from '../settings/visible.ts'
import { columnsOf, padded } from '../words/columns.ts'
import type { Language } from '../words/languages.ts'
import { comma, joined, type Phrase, type Text, textIn } from '../words/phrase.ts'
import type { Result, Status } from './check.ts'
import { phrase } from './phrase.ts'

const marks = {
  ok: { mark: phrase`ok`, colour: 'green' },
  warning: { mark: phrase`warning`, colour: 'yellow' },
  broken: { mark: phrase`BROKEN`, colour: 'red' },
  unknown: { mark: phrase`unknown`, colour: 'yellow' },
  skipped: { mark: '-', colour: 'dim' },
} as const satisfies Record<Status, { mark: Text; colour: string }>

const names = {
  tried: phrase`tried`,
  answer: phrase`answer`,
  meaning: phrase`meaning`,
  fix: phrase`fix`,
} as const satisfies Partial<Record<keyof Result, Text>>

interface Looks {
  colours: boolean
  /** English, unless it is said. */
  language?: Language
}

/**
 * The results for people: a line for each link, and for those that are not well what was tried, what came back, what
 * that means and how to fix it.
 *
 * @param results in the language of the report
 * @param options.colours whether the terminal shows them
 */
export function textReport(results: readonly Result[], { colours, language = 'en' }: Looks): string {
  const blocks = results.map((result) => blockOf(result, { colours, language }))
  return `${blocks.join('\n')}\n\n${summary(results)[language]}\n`
}

function blockOf(result: Result, { colours, language }: Required<Looks>): string {
  const { mark, colour } = marks[result.status]
  const width = widest(
    Object.values(marks).map(({ mark }) => mark),
    language,
  )
  const indent = ' '.repeat(width + 2)
  const word = padded(textIn(mark, language), width)
  const shown = colours ? styleText(colour, word, { validateStream: false }) : word
  const head = `${shown}  ${result.title} (${result.id})`
  if (result.status === 'ok') return indented(`${head}: `, result.answer, indent)
  if (result.status === 'skipped') {
    return `${head}: ${phrase`not tried, ${visible(result.because ?? '')}`[language]}`
  }
  const column = widest(Object.values(names), language) + 1
  const details = Object.entries(names).flatMap(([part, name]) => {
    const text = result[part as keyof typeof names]
    const label = indent + padded(name[language], column)
    return text ? [indented(label, text, ' '.repeat(columnsOf(label)))] : []
  })
  return [head, ...details].join('\n')
}

const widest = (words: readonly Text[], language: Language) =>
  Math.max(...words.map((word) => columnsOf(textIn(word, language))))

/** A text whose further lines stand further in, so that none of them can look like a finding. */
const indented = (label: string, text: string, indent: string) =>
  label + visibleLines(text).replaceAll('\n', `\n${indent}`)

function summary(results: readonly Result[]): Phrase {
  const of = (status: Status) => results.filter((result) => result.status === status)
  const broken = of('broken')
  const unknown = of('unknown')
  const warnings = of('warning').length
  const counts = [
    [of('ok').length, phrase`${of('ok').length} ok`],
    [warnings, warnings === 1 ? phrase`1 warning` : phrase`${warnings} warnings`],
    [unknown.length, phrase`${unknown.length} unknown`],
    [of('skipped').length, phrase`${of('skipped').length} not tried`],
  ] as const
  const rest = joined(
    counts.flatMap(([count, words]) => (count > 0 ? [words] : [])),
    comma,
  )
  const ids = (some: readonly Result[]) =>
    joined(
      some.map(({ id }) => id),
      comma,
    )
  if (broken.length > 0) return phrase`Broken: ${ids(broken)}. ${rest}.`
  if (unknown.length > 0) return phrase`Not everything could be checked: ${ids(unknown)}. ${rest}.`
  return phrase`Nothing is broken. ${rest}.`
}
