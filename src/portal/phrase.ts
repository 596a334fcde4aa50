import { phrasesOf } from '../words/phrase.ts'

/** Tags what people read of the portal in a terminal; `japanese.json` has it in Japanese. Its pages have `views/portal/locales`. */
export const phrase = phrasesOf(import.meta.url)
