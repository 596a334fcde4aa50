import { phrasesOf } from '../words/phrase.ts'

/** Tags what the demo writes to a terminal; `japanese.json` has it in Japanese. Its pages have `views/demo/locales`. */
export const phrase = phrasesOf(import.meta.url)
