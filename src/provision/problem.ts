import { visible } from '../settings/visible.ts'
import type { Language } from '../words/languages.ts'
import { type InEachLanguage, phrasesOf } from '../words/phrase.ts'

/** Tags what people read of provision; `japanese.json` has it in Japanese. */
export const phrase = phrasesOf(import.meta.url)

/** Something that keeps provision from going on, in words for the person who runs it. No secret is ever in them,
 * and nothing that a terminal would obey: names and refusals of servers are in them. */
export class ProvisionError extends Error {
  override readonly name = 'ProvisionError'
  /** What is wrong. */
  readonly problem: InEachLanguage
  /** What to do about it. */
  readonly fix: InEachLanguage

  constructor(problem: InEachLanguage, fix: InEachLanguage, options?: ErrorOptions) {
    super(messageIn('en', problem, fix), options)
    this.problem = problem
    this.fix = fix
  }

  /** The message in a language. */
  in(language: Language): string {
    return messageIn(language, this.problem, this.fix)
  }
}

const messageIn = (language: Language, problem: InEachLanguage, fix: InEachLanguage) =>
  `${visible(problem[language])}\n  → ${visible(fix[language])}`

/** A server at fault itself (5xx), in words of its own or of what stands before it. */
export const faultAt = (address: string, status: number) =>
  new ProvisionError(
    phrase`${address} answers with an error of its own (${status}).`,
    phrase`Wait a while and run provision again; it goes on where it stopped.`,
  )
