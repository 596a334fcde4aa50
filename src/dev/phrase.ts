import { phrasesOf } from '../words/phrase.ts'

/** Tags what `npm run dev` writes to a terminal; `japanese.json` has it in Japanese. */
export const phrase = phrasesOf(import.meta.url)
