import type { Language } from './languages.ts'

/** Words, or more of them below a name. */
export type Catalogue = { readonly [name: string]: string | Catalogue }

/** From a key of the catalogues, and what stands in the words' gaps, to what a person reads. */
export type Words = (key: string, params?: Readonly<Record<string, unknown>>) => string

/** The words of a catalogue by key: `home.welcome` for what stands at `welcome` in `home`. */
function byKey(words: Catalogue, prefix = ''): [string, string][] {
  return Object.entries(words).flatMap(([name, inner]): [string, string][] =>
    typeof inner === 'string' ? [[prefix + name, inner]] : byKey(inner, `${prefix}${name}.`),
  )
}

/**
 * Finds words in catalogues. Words are not escaped here: the template does that.
 *
 * @param language whose plural forms count
 * @param catalogues where a later one has a key too, its words are taken
 * @returns a function that gives the key itself where no catalogue has it
 */
export function wordsFrom(language: Language, catalogues: readonly Catalogue[]): Words {
  const known = new Map(catalogues.flatMap((catalogue) => byKey(catalogue)))
  const plurals = new Intl.PluralRules(language)
  return (key, params) => {
    if (!params) return known.get(key) ?? key
    const form = typeof params.count === 'number' ? `${key}_${plurals.select(params.count)}` : key
    const words = known.get(form) ?? key
    return words.replace(/\{\{(\w+)\}\}/g, (_gap, name: string) => String(params[name] ?? ''))
  }
}
