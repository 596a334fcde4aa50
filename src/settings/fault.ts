import { Phrase, phrasesOf, type Text } from '../words/phrase.ts'

/** Tags what people read of the settings; `japanese.json` has it in Japanese. */
export const phrase = phrasesOf(import.meta.url)

/** One thing that is wrong with the settings. */
export interface SettingFault {
  setting: string
  problem: Text
  fix: Text
}

/** A phrase as it goes through a schema, whose messages are strings: its key and what stands in its holes. */
type Packed = string | { key: string; holes: Packed[] }

const pack = (text: unknown): Packed =>
  text instanceof Phrase ? { key: text.key, holes: text.holes.map(pack) } : String(text)

const unpack = (packed: Packed): Text =>
  typeof packed === 'string' ? packed : phrase.of(packed.key, packed.holes.map(unpack))

/** A message for a schema's `error`: what is wrong with a value, and how to fix it. */
export function says(problem: Text, fix: Text): { error: string } {
  return { error: JSON.stringify([pack(problem), pack(fix)]) }
}

/** The other way round: a fault from what a schema said of a setting. */
export function faultFrom(setting: string, message: string): SettingFault {
  const [problem, fix] = JSON.parse(message) as [Packed, Packed]
  return { setting, problem: unpack(problem), fix: unpack(fix) }
}

export const makeSecret = phrase`make one: node -p "crypto.randomBytes(32).toString('hex')"`
