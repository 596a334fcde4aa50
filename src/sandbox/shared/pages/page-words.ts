import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { isLanguage, type Language, languages } from '../../../words/languages.ts'
import { type Catalogue, type Words, wordsFrom } from '../../../words/words.ts'

/** The same depth from src/sandbox/shared/pages and from dist/sandbox/shared/pages, so it holds before and after the build. */
export const VIEWS = fileURLToPath(new URL('../../../../views/sandbox', import.meta.url))

const catalogue = (language: Language): Catalogue =>
  JSON.parse(readFileSync(`${VIEWS}/locales/${language}.json`, 'utf8'))

const english = catalogue('en')

/** The words of the sandbox's pages. */
export const words: Readonly<Record<Language, Words>> = {
  en: wordsFrom('en', [english]),
  ja: wordsFrom('ja', [english, catalogue('ja')]),
}

/**
 * The language of a page: of those that `ui_locales` names (OpenID Connect Core 1.0 §3.1.2.1: tags, the one liked best
 * first) the first there is, else what the browser asks for.
 *
 * @param accepted what the request's `Accept-Language` comes to among `languages`
 */
export function pageLanguage(uiLocales: unknown, accepted: string | false): Language {
  const tags = typeof uiLocales === 'string' ? uiLocales.slice(0, 200).toLowerCase().split(/\s+/) : []
  const known = tags.map((tag) => tag.split('-')[0]).find(isLanguage)
  return known ?? (isLanguage(accepted) ? accepted : languages[0])
}
