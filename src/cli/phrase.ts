import { phrasesOf } from '../words/phrase.ts'

/** Tags what people read of the commands themselves; `japanese.json` has it in Japanese. */
export const phrase = phrasesOf(import.meta.url)
