import type { Environment } from '../settings/parse.ts'
import type { Language } from '../words/languages.ts'
import { type Text, textIn } from '../words/phrase.ts'
import type { Result } from './check.ts'
import { checks, checksOfPerson } from './checks.ts'
import { Examination, type ExaminationOptions } from './examination.ts'
import { runChecks } from './run.ts'

/** What is told of an examination, and in which language. */
interface Telling {
  /** English, unless it is said. */
  language?: Language
  /** Told of each link before it is tried. */
  onProgress?: (title: string) => void
}

/**
 * Walks the chain from the app by way of Logto to Okta and tries each link. Signs nobody in and changes nothing.
 *
 * @param env the settings, such as `process.env`
 * @param options.fetch calls out; @param options.now the clock, in milliseconds since 1970
 * @param options.lookup addresses of a host name @param options.email whose sign-in to follow, if anybody's
 * @returns a result for each link, in the order of the chain; with an address, those of its person behind
 */
export async function examine(
  env: Environment,
  { language = 'en', onProgress = () => {}, ...options }: ExaminationOptions & Telling,
): Promise<Result[]> {
  const results = await walk(env, options, (title) => onProgress(textIn(title, language)))
  return results(language)
}

/** The same, for results in whatever language. */
export const walk = (env: Environment, options: ExaminationOptions, onProgress: (title: Text) => void) =>
  runChecks(
    options.email ? [...checks, ...checksOfPerson] : checks,
    new Examination(env, options),
    onProgress,
  )
