import { readFileSync } from 'node:fs'
import type { Request } from 'express'
import type { Config } from '../../settings/config.ts'
import { type Language, languages } from '../../words/languages.ts'
import { type Catalogue, type Words, wordsFrom } from '../../words/words.ts'
import { languageReader } from '../http/request/language.ts'

/** Words of a host's own, by language: they go before ours, and may be more than ours. */
export type OwnWords = Readonly<Partial<Record<Language, Catalogue>>>

const catalogue = (language: Language): Catalogue =>
  JSON.parse(readFileSync(new URL(`../../../views/sso/locales/${language}.json`, import.meta.url), 'utf8'))

/** What a page is written with. */
export interface Translation {
  readonly language: Language
  readonly t: Words
  /** Times as the language writes them; in UTC, since the server knows nobody's zone. */
  readonly time: (time: Date) => string
}

const wordsOfLanguage = (language: Language, own: OwnWords): Words =>
  wordsFrom(
    language,
    [languages[0], language].flatMap((each) => [catalogue(each), own[each] ?? {}]),
  )

function timesOfLanguage(language: Language): Translation['time'] {
  let format: Intl.DateTimeFormat | undefined
  return (time) => {
    // Made for the first time that is shown: it takes long, and few pages show one.
    format ??= new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' })
    return `${format.format(time)} UTC`
  }
}

const translationOf = (language: Language, own: OwnWords): Translation => ({
  language,
  t: wordsOfLanguage(language, own),
  time: timesOfLanguage(language),
})

/**
 * Finds the words a request is answered in, by its language.
 *
 * @param own a host's own words
 */
export function translationReader(
  config: Pick<Config, 'baseUrl'>,
  own: OwnWords = {},
): (req: Request) => Translation {
  const languageOf = languageReader(config)
  const known: Readonly<Record<Language, Translation>> = {
    en: translationOf('en', own),
    ja: translationOf('ja', own),
  }
  return (req) => known[languageOf(req)]
}
