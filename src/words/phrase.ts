import { readFileSync } from 'node:fs'
import type { Language } from './languages.ts'

/** Words for people, in each language. */
export type InEachLanguage = Readonly<Record<Language, string>>

/** What a person reads: words, or what is the same in each language, such as an address. */
export type Text = string | InEachLanguage

/** @returns the text as a reader of this language has it */
export const textIn = (text: Text, language: Language): string =>
  typeof text === 'string' ? text : text[language]

/** The same text for whoever wants both languages. */
export const inEach = (text: Text): InEachLanguage => ({ en: textIn(text, 'en'), ja: textIn(text, 'ja') })

/** What stands in a hole: a text, or what is written as JavaScript writes it. */
type Hole = Text | number | boolean | undefined

/**
 * Words that are put together only where their language is known; in a template and in JSON they are English. The English
 * text, with a number for each hole, is the key of the Japanese one, as in gettext.
 */
export class Phrase implements InEachLanguage {
  readonly key: string
  readonly holes: readonly Hole[]
  readonly #japanese: (key: string) => string

  constructor(key: string, holes: readonly Hole[], japanese: (key: string) => string = (key) => key) {
    this.key = key
    this.holes = holes
    this.#japanese = japanese
  }

  get en(): string {
    return this.#filled(this.key, 'en')
  }

  get ja(): string {
    return this.#filled(this.#japanese(this.key), 'ja')
  }

  /** The same words with other things in their holes. */
  withHoles(change: (text: Text) => Text): Phrase {
    return new Phrase(
      this.key,
      this.holes.map((hole) => (isText(hole) ? change(hole) : hole)),
      this.#japanese,
    )
  }

  toString(): string {
    return this.en
  }

  toJSON(): string {
    return this.en
  }

  #filled(words: string, language: Language): string {
    return words.replace(/\{(\d+)\}/g, (_hole, index) => {
      const hole = this.holes[Number(index)]
      return isText(hole) ? textIn(hole, language) : String(hole)
    })
  }
}

const isText = (hole: Hole): hole is Text => typeof hole === 'string' || typeof hole === 'object'

/** The key of a phrase, of the parts of its template between the holes. */
export const keyOf = (parts: readonly string[]): string =>
  parts.reduce((key, part, index) => `${key}{${index - 1}}${part}`)

/**
 * The tag of a room's phrases.
 *
 * @param room the address of a module; `japanese.json` beside it has the Japanese, and is read where that is asked for
 * @returns a template's tag; its `of` makes a phrase by its key
 */
export function phrasesOf(room: string) {
  let catalogue: Readonly<Record<string, string>> | undefined
  const japanese = (key: string) => {
    catalogue ??= JSON.parse(readFileSync(new URL('japanese.json', room), 'utf8')) as Record<string, string>
    return catalogue[key] ?? key
  }
  const of = (key: string, holes: readonly Hole[]) => new Phrase(key, holes, japanese)
  return Object.assign((parts: TemplateStringsArray, ...holes: Hole[]) => of(keyOf(parts), holes), { of })
}

/** Between the entries of a list in a sentence. */
export const comma: InEachLanguage = { en: ', ', ja: '、' }

/** Texts one behind the other: lines, unless a separator is given. */
export function joined(texts: readonly Text[], separator: Text = '\n'): Phrase {
  const holes = texts.flatMap((text, index) => (index > 0 ? [separator, text] : [text]))
  return new Phrase(holes.map((_hole, index) => `{${index}}`).join(''), holes)
}
