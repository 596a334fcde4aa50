import { type Change, isToDo, type Step } from '../../provision/plan.ts'
import { visible } from '../../settings/visible.ts'
import { columnsOf, padded } from '../../words/columns.ts'
import type { Language } from '../../words/languages.ts'
import type { InEachLanguage } from '../../words/phrase.ts'
import { phrase } from '../phrase.ts'

const marks = { create: '+', change: '~', leave: '=' } as const
const actions = { create: phrase`create`, change: phrase`change`, leave: phrase`leave` } as const

/** The plan as a person reads it, who is asked to approve what is in it and nothing else: what is made, what is changed and how, and what stays as it is. */
export function printPlan(steps: readonly Step[], language: Language = 'en'): string {
  const count = (action: Step['action']) => steps.filter((step) => step.action === action).length
  const shown = (text: InEachLanguage) => visible(text[language])
  const width = Math.max(...Object.values(actions).map((action) => columnsOf(action[language])))
  const indent = ' '.repeat(width + 8)
  return [
    ...steps.flatMap((step) => [
      `  ${marks[step.action]} ${padded(actions[step.action][language], width)}  ${shown(step.resource)}`,
      ...step.changes.flatMap(linesOf).map((line) => indent + shown(line)),
      ...step.notes.map((note) => indent + shown(phrase`note: ${note}`)),
    ]),
    '',
    steps.some(isToDo)
      ? shown(
          phrase`${count('create')} to create, ${count('change')} to change, ${count('leave')} to leave as they are.`,
        )
      : shown(phrase`Nothing to do: everything is as it should be.`),
    '',
  ].join('\n')
}

function linesOf(change: Change): InEachLanguage[] {
  const { field } = change
  if ('add' in change) return change.add.map((entry) => phrase`${field}: + ${entry}`)
  if (change.from === undefined) return [phrase`${field}: ${change.to}`]
  return [phrase`${field}: ${change.from} → ${change.to}`]
}
