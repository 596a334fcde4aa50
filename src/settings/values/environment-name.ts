import { distance } from 'fastest-levenshtein'

const known = ['development', 'test', 'production']

/**
 * Whether the rules of production hold: everywhere but in development and in tests, so that a staging system is as safe
 * as the one it stands for.
 *
 * @param name what `NODE_ENV` says
 */
export function hasProductionRules(name = 'development'): boolean {
  return name !== 'development' && name !== 'test'
}

/**
 * What a name that is like a known one was meant to be. Libraries compare `NODE_ENV` to the letter.
 *
 * @returns undefined where the name is known, or is like none that is
 */
export function misspeltEnvironment(name: string): string | undefined {
  if (known.includes(name)) return undefined
  const lower = name.toLowerCase()
  return known.find(
    (each) =>
      each === lower ||
      (lower.length >= 3 && each.startsWith(lower)) ||
      (each.length >= 8 && distance(each, lower) <= 2),
  )
}
