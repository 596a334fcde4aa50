import { readFileSync } from 'node:fs'
import type { InEachLanguage } from '../../words/phrase.ts'
import { phrase } from '../fault.ts'
import { settings } from '../settings.ts'
import { wiringSettings } from '../wiring.ts'
import { parseEnv } from './parse-env.ts'

/** Raised for a file of settings that is there and does not say what it seems to say. */
export class EnvFileError extends Error {
  override readonly name = 'EnvFileError'
  readonly problem: InEachLanguage
  readonly fix: InEachLanguage

  constructor(problem: InEachLanguage, fix: InEachLanguage, options?: ErrorOptions) {
    super(problem.en, options)
    this.problem = problem
    this.fix = fix
  }
}

/**
 * Reads a file of settings. What looks set in it and is not would leave a default in its place: another Logto, say.
 *
 * @param path such as `.env`
 * @returns its text, and what it sets
 * @throws EnvFileError for what is no text, or sets less than it seems to; the error of a file that cannot be read
 */
export function readSettingsFile(path: string): { text: string; values: Record<string, string> } {
  const text = decoded(readFileSync(path), path)
  const values = parseEnv(text)
  for (const [index, line] of text.split(/\r\n?|\n/).entries()) {
    const name = beginning.exec(line)?.[1]?.toUpperCase()
    if (!name || name in values) continue
    throw new EnvFileError(
      phrase`${path} names ${name} in line ${index + 1}, and does not set it.`,
      phrase`Write ${name}=value in a line of its own, and close every quote before it.`,
    )
  }
  return { text, values }
}

const names = [...Object.keys(settings.shape), ...Object.keys(wiringSettings.shape)]

/** A line that is about a setting, as files and shells of all kinds have it: `set X`, `$env:X`, `- X`, `"X"`. */
const beginning = new RegExp(
  `^(?:[^\\w#/;]|export\\s|setx?\\s|env[:\\s])*(${names.join('|')})(?![\\w.-])`,
  'i',
)

/** PowerShell 5 writes UTF-16 where nobody asked for it, with the mark that tells (Encoding Standard, "BOM sniff"). */
function decoded(bytes: Buffer, path: string): string {
  const mark = bytes.toString('latin1', 0, 2)
  const encoding = { ÿþ: 'utf-16le', þÿ: 'utf-16be' }[mark] ?? 'utf-8'
  try {
    // The mark of UTF-8 stays in the text, for whoever writes the file again.
    const text = new TextDecoder(encoding, { fatal: true, ignoreBOM: encoding === 'utf-8' }).decode(bytes)
    if (!text.includes('\0')) return text
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
  }
  throw new EnvFileError(phrase`${path} is not readable as text.`, phrase`Save it as UTF-8.`)
}
