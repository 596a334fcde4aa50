import type { Language } from '../words/languages.ts'
import { type InEachLanguage, phrasesOf } from '../words/phrase.ts'

/** Tags what people read of companies; `japanese.json` has it in Japanese. */
export const phrase = phrasesOf(import.meta.url)

/** Raised for what cannot be written down, and for a place that cannot be asked. Both texts are for people. */
export class CompaniesError extends Error {
  override readonly name = 'CompaniesError'
  readonly problem: InEachLanguage
  readonly fix: InEachLanguage

  constructor(problem: InEachLanguage, fix: InEachLanguage, options?: ErrorOptions) {
    super(problem.en, options)
    this.problem = problem
    this.fix = fix
  }

  /** The problem and its fix in a language. */
  in(language: Language): string {
    return `${this.problem[language]}\n  → ${this.fix[language]}`
  }
}
