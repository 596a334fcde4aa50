import { parseArgs } from 'node:util'
import { type ContenderName, contenderNames } from './contenders/names.ts'

/** What the command line asks for. */
export interface Options {
  help: boolean
  /** A smoke test: tiny amounts, every check, no figure to rely on. */
  short: boolean
  /** Rows to measure, by ID; all of them if empty. */
  only: string[]
  /** Put the table into the README of the tests. */
  writeReadme: boolean
  /** Measure so many sessions in Redis beside a thousand instead, as `sizeOf` takes them. */
  scale: string | undefined
  /** Profile this contender instead of measuring: at the row of `only`, or at home. */
  profile: ContenderName | undefined
}

/**
 * @param args what follows the program's name
 * @param rows IDs of the rows there are
 * @throws Error with words for whoever typed it
 */
export function readOptions(args: string[], rows: readonly string[]): Options {
  const { values } = parseArgs({
    // Without a number, it is what the option is for.
    args: args.map((arg) => (arg === '--scale' ? '--scale=1000000' : arg)),
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      short: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      'write-readme': { type: 'boolean', default: false },
      profile: { type: 'string' },
      scale: { type: 'string' },
    },
  })
  const only = values.only.flatMap((list) => list.split(','))
  const unknown = only.filter((row) => !rows.includes(row))
  if (unknown.length > 0) throw new Error(`There is no row ${unknown.join(', ')}. Rows: ${rows.join(', ')}.`)
  const profile = contenderNames.find((name) => name === values.profile)
  if (values.profile !== undefined && !profile) {
    throw new Error(`There is no contender ${values.profile}. Contenders: ${contenderNames.join(', ')}.`)
  }
  return {
    help: values.help,
    short: values.short,
    only,
    writeReadme: values['write-readme'],
    scale: values.scale,
    profile,
  }
}
