import { type Change, isToDo, type Step } from '../provision/plan.ts'
import { visible } from '../settings/visible.ts'

const MARKS = { create: '+', change: '~', leave: '=' } as const

/** The plan as a person reads it, who is asked to approve what is in it and nothing else: what is made, what is changed and how, and what stays as it is. */
export function printPlan(steps: readonly Step[]): string {
  const count = (action: Step['action']) => steps.filter((step) => step.action === action).length
  return [
    ...steps.flatMap((step) => [
      `  ${MARKS[step.action]} ${step.action.padEnd(6)}  ${visible(step.resource)}`,
      ...step.changes.flatMap(linesOf).map((line) => `              ${visible(line)}`),
      ...step.notes.map((note) => `              note: ${visible(note)}`),
    ]),
    '',
    steps.some(isToDo)
      ? `${count('create')} to create, ${count('change')} to change, ${count('leave')} to leave as they are.`
      : 'Nothing to do: everything is as it should be.',
    '',
  ].join('\n')
}

function linesOf(change: Change): string[] {
  if ('add' in change) return change.add.map((entry) => `${change.field}: + ${entry}`)
  return [`${change.field}: ${change.from === undefined ? '' : `${change.from} → `}${change.to}`]
}
