import { readFileSync } from 'node:fs'
import type { RequestHandler, Response } from 'express'
import { createInstance, type TFunction } from 'i18next'
import { type Language, languageOf, languages } from './language.ts'

/** Every word of the app, a catalogue a language. */
const catalogue = (language: Language) =>
  JSON.parse(readFileSync(new URL(`../../views/locales/${language}.json`, import.meta.url), 'utf8'))

const i18n = createInstance()
i18n.init({
  initAsync: false,
  fallbackLng: languages[0],
  supportedLngs: languages,
  resources: Object.fromEntries(
    languages.map((language) => [language, { translation: catalogue(language) }]),
  ),
  // EJS escapes.
  interpolation: { escapeValue: false },
})

/**
 * Words by language: a function from a key and what stands in it to what a person reads. What nothing stands in is the
 * same for everybody, and is looked up once: a page has a dozen of them.
 */
export const wordsIn: Readonly<Record<Language, TFunction>> = { en: wordsOnce('en'), ja: wordsOnce('ja') }

function wordsOnce(language: Language): TFunction {
  const lookUp = i18n.getFixedT(language)
  const known = new Map<string, string>()
  const words = (key: string, params?: Record<string, unknown>): string => {
    if (params) return lookUp(key, params)
    const found = known.get(key) ?? lookUp(key)
    known.set(key, found)
    return found
  }
  return words as TFunction
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
export const speak: RequestHandler = (req, res, next) => {
  const language = languageOf(req)
  res.locals.language = language
  res.locals.t = wordsIn[language]
  res.locals.time = timesIn[language]
  res.locals.here = req.method === 'GET' ? req.originalUrl : '/'
  // RFC 9110 §12.5.5: the same address is answered in two languages.
  if (language !== languages[0]) res.set('Content-Language', language)
  next()
}

/** What a view is given in English, for whatever is shown before anybody's language is known. */
export const inEnglish = { language: languages[0], t: wordsIn.en, time: timesIn.en, here: '/' }

/** The words of an answer; English where it went wrong before its language was known. */
export function wordsOf(res: Response): TFunction {
  return (res.locals.t as TFunction | undefined) ?? wordsIn.en
}
