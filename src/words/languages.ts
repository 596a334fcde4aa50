/** The languages there is a catalogue for; the first is everybody's who asks for none of them. */
export const languages = ['en', 'ja'] as const
export type Language = (typeof languages)[number]

export function isLanguage(value: unknown): value is Language {
  return languages.includes(value as Language)
}
