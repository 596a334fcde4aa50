import { z } from 'zod'
import { read } from '../readmes.ts'

/** The file that the package has, not what it is made from. */
export const schema = z.fromJSONSchema(JSON.parse(read('src/audit/audit.schema.json')))

/** What is wrong with the audit lines that this worker has seen, since it was asked last. */
export const faults: string[] = []
/** The events that this worker has seen, and what ended sessions. */
export const heard = new Set<string>()

type Line = Record<string, unknown>

/** Looks at a line of the log, as every test that keeps lines has it. @returns the same line */
export function heed(line: Line): Line {
  if (!('audit' in line) && line.msg !== 'audit') return line
  const text = JSON.stringify(line)
  const { error } = schema.safeParse(line)
  if (error) faults.push(`not as the schema has it: ${text}`)
  // An email address, a token.
  if (/@|eyJ/.test(text)) faults.push(`says too much: ${text}`)
  heard.add(`audit: ${line.audit}`)
  if (line.audit === 'ended') heard.add(`by: ${line.by}`)
  return line
}
