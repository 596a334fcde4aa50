import { readFileSync } from 'node:fs'
import type { Request } from 'express'
import type { Config } from '../../settings/config.ts'
import { type Language, languageReader, languages } from '../http/request/language.ts'

/** Words, or more of them below a name. */
export type Catalogue = { readonly [name: string]: string | Catalogue }

/** Words of a host's own, by language: they go before ours, and may be more than ours. */
export type OwnWords = Readonly<Partial<Record<Language, Catalogue>>>

const catalogue = (language: Language): Catalogue =>
  JSON.parse(readFileSync(new URL(`../../../views/sso/locales/${language}.json`, import.meta.url), 'utf8'))

/** The words of a catalogue by key: `home.welcome` for what stands at `welcome` in `home`. */
function byKey(words: Catalogue, prefix = ''): [string, string][] {
  return Object.entries(words).flatMap(([name, inner]): [string, string][] =>
    typeof inner === 'string' ? [[prefix + name, inner]] : byKey(inner, `${prefix}${name}.`),
  )
}

/** From a key of the catalogues, and what stands in the words' gaps, to what a person reads. */
export type Words = (key: string, params?: Readonly<Record<string, unknown>>) => string

/** What a page is written with. */
export interface Speech {
  readonly language: Language
  readonly t: Words
  /** Times as the language writes them; in UTC, since the server knows nobody's zone. */
  readonly time: (time: Date) => string
}

/** Words are not escaped here: EJS does that. */
function wordsOfLanguage(language: Language, own: OwnWords): Words {
  const known = new Map(
    [languages[0], language].flatMap((each) => [...byKey(catalogue(each)), ...byKey(own[each] ?? {})]),
  )
  const plurals = new Intl.PluralRules(language)
  return (key, params) => {
    if (!params) return known.get(key) ?? key
    const form = typeof params.count === 'number' ? `${key}_${plurals.select(params.count)}` : key
    const words = known.get(form) ?? key
    return words.replace(/\{\{(\w+)\}\}/g, (_gap, name: string) => String(params[name] ?? ''))
  }
}

function timesOfLanguage(language: Language): Speech['time'] {
  const format = new Intl.DateTimeFormat(language, {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: 'UTC',
  })
  return (time) => `${format.format(time)} UTC`
}

const speechOf = (language: Language, own: OwnWords): Speech => ({
  language,
  t: wordsOfLanguage(language, own),
  time: timesOfLanguage(language),
})

/**
 * Finds the words a request is answered in, by its language.
 *
 * @param own a host's own words
 */
export function speeches(config: Pick<Config, 'baseUrl'>, own: OwnWords = {}): (req: Request) => Speech {
  const languageOf = languageReader(config)
  const known: Readonly<Record<Language, Speech>> = { en: speechOf('en', own), ja: speechOf('ja', own) }
  return (req) => known[languageOf(req)]
}
