import { isLanguage, languages } from '../../words/languages.ts'
import type { InEachLanguage } from '../../words/phrase.ts'
import { phrase } from '../phrase.ts'

/** Raised for a command line that cannot be understood; its message says why. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  readonly problem: InEachLanguage

  constructor(problem: InEachLanguage) {
    super(problem.en)
    this.problem = problem
  }
}

/**
 * Reads a command line.
 *
 * @param read calls `parseArgs`
 * @returns what it gives
 * @throws UsageError for what it refuses, and for a language that there is not
 */
export function readArgs<T extends object>(read: () => T): T {
  const values = refusing(read)
  const { language } = values as { language?: string }
  if (language === undefined || isLanguage(language)) return values
  throw new UsageError(phrase`--language wants one of ${languages.join(', ')}`)
}

function refusing<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw new UsageError(wordsFor(error as NodeJS.ErrnoException))
  }
}

/** Node.js quotes the option, or the argument, first; what follows is advice in English. */
function wordsFor({ code, message }: NodeJS.ErrnoException): InEachLanguage {
  const [, quoted = ''] = /'([^']*)'/.exec(message) ?? []
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return phrase`Unknown option '${quoted}'.`
  if (code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL') return phrase`Unexpected argument '${quoted}'.`
  if (/does not take an argument/.test(message)) return phrase`Option '${quoted}' takes no value.`
  if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') return phrase`Option '${quoted}' wants a value.`
  return phrase`${message}`
}
