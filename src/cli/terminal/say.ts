import { visibleLines } from '../../settings/visible.ts'
import type { Language } from '../../words/languages.ts'
import type { InEachLanguage } from '../../words/phrase.ts'

/** Writes what a command has to say to its standard output, with nothing in it that a terminal would obey. */
export const sayIn = (language: Language) => (text: InEachLanguage) =>
  process.stdout.write(`${visibleLines(text[language])}\n`)
