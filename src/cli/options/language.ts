import { parseArgs } from 'node:util'
import { isLanguage, type Language } from '../../words/languages.ts'

/** The option that says in which language a command speaks. */
export const languageOption = { language: { type: 'string' } } as const

/**
 * The language that somebody asks for with `--language`, also where other options are wrong: that is to be said in it.
 *
 * @param args without the program itself
 * @returns undefined where none is asked for, or one that there is not
 */
export function askedLanguage(args: readonly string[]): Language | undefined {
  const { language } = parseArgs({ args: [...args], options: languageOption, strict: false }).values
  return isLanguage(language) ? language : undefined
}

/** The language in which a command speaks: the one that is asked for, else the locale's. */
export const commandLanguage = (): Language =>
  askedLanguage(process.argv.slice(2)) ?? localeLanguage(process.env)

/** The language of the locale: of LC_ALL, LC_MESSAGES and LANG the first that is set (POSIX.1-2017 §8.2). */
export function localeLanguage(env: Readonly<Record<string, string | undefined>>): Language {
  const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG || ''
  return /^ja(?![a-z])/i.test(locale) ? 'ja' : 'en'
}
