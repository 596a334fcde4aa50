import { readFileSync } from 'node:fs'
import type { RequestHandler, Response } from 'express'
import { createInstance } from 'i18next'
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

/** From a key of the catalogues, and what stands in the words' gaps, to what a person reads. */
export type Words = (key: string, params?: Record<string, unknown>) => string

export const wordsIn: Readonly<Record<Language, Words>> = {
  en: remembering('en'),
  ja: remembering('ja'),
}

/**
 * What i18next finds for a key is always the same, but where it counts; it would look for it anew, a dozen times a page.
 * Only the gaps are filled each time, by i18next too.
 */
function remembering(language: Language): Words {
  const t = i18n.getFixedT(language)
  const { interpolator } = i18n.services
  const known = new Map<string, string>()
  return (key, params) => {
    if (params?.count !== undefined) return t(key, params)
    const words = known.get(key) ?? t(key, { skipInterpolation: true })
    known.set(key, words)
    return params ? interpolator.interpolate(words, params, language, {}) : words
  }
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
export function wordsOf(res: Response): Words {
  return (res.locals.t as Words | undefined) ?? wordsIn.en
}
