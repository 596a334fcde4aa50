import { readFileSync } from 'node:fs'
import type { RequestHandler, Response } from 'express'
import type { Config } from '../../settings/config.ts'
import { type Language, languageReader, languages } from './language.ts'

/** Words, or more of them below a name. */
type Catalogue = { [name: string]: string | Catalogue }

const catalogue = (language: Language): Catalogue =>
  JSON.parse(readFileSync(new URL(`../../../views/locales/${language}.json`, import.meta.url), 'utf8'))

/** The words of a catalogue by key: `home.welcome` for what stands at `welcome` in `home`. */
function byKey(words: Catalogue, prefix = ''): [string, string][] {
  return Object.entries(words).flatMap(([name, inner]): [string, string][] =>
    typeof inner === 'string' ? [[prefix + name, inner]] : byKey(inner, `${prefix}${name}.`),
  )
}

/** From a key of the catalogues, and what stands in the words' gaps, to what a person reads. */
export type Words = (key: string, params?: Record<string, unknown>) => string

/** Words are not escaped here: EJS does that. */
function wordsOfLanguage(language: Language): Words {
  const known = new Map([...byKey(catalogue(languages[0])), ...byKey(catalogue(language))])
  const plurals = new Intl.PluralRules(language)
  return (key, params) => {
    if (!params) return known.get(key) ?? key
    const form = typeof params.count === 'number' ? `${key}_${plurals.select(params.count)}` : key
    const words = known.get(form) ?? key
    return words.replace(/\{\{(\w+)\}\}/g, (_gap, name: string) => String(params[name] ?? ''))
  }
}

export const wordsIn: Readonly<Record<Language, Words>> = {
  en: wordsOfLanguage('en'),
  ja: wordsOfLanguage('ja'),
}

/** Times as each language writes them; in UTC, since the server knows nobody's zone. */
const times = (language: Language) => {
  const format = new Intl.DateTimeFormat(language, {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: 'UTC',
  })
  return (time: Date) => `${format.format(time)} UTC`
}
const timesIn: Readonly<Record<Language, (time: Date) => string>> = { en: times('en'), ja: times('ja') }

/**
 * Gives every view the language it is to be in: `language`, `t` for its words, `time` for its times, and `here`, the
 * page to come back to when the language is switched.
 */
export function speak(config: Pick<Config, 'baseUrl'>): RequestHandler {
  const languageOf = languageReader(config)
  return (req, res, next) => {
    const language = languageOf(req)
    res.locals.language = language
    res.locals.t = wordsIn[language]
    res.locals.time = timesIn[language]
    res.locals.here = req.method === 'GET' ? req.originalUrl : '/'
    // RFC 9110 §12.5.5: the same address is answered in two languages.
    if (language !== languages[0]) res.set('Content-Language', language)
    next()
  }
}

/** What a view is given in English, for whatever is shown before anybody's language is known. */
export const inEnglish = { language: languages[0], t: wordsIn.en, time: timesIn.en, here: '/' }

/** The words of an answer; English where it went wrong before its language was known. */
export function wordsOf(res: Response): Words {
  return (res.locals.t as Words | undefined) ?? wordsIn.en
}
