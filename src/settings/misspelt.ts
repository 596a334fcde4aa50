import { distance } from 'fastest-levenshtein'
import type { SettingFault } from './fault.ts'
import { phrase } from './fault.ts'

/** Shorter names are too easily alike: `PORT` and `PATH`, say. */
const minimumLength = 8

/**
 * Variables that look like a misspelt setting. Left alone they would be ignored, and the setting they were meant for
 * would silently keep its default.
 *
 * @param env the whole environment
 * @param known the names of the settings
 */
export function misspeltFaults(
  env: Readonly<Record<string, string | undefined>>,
  known: readonly string[],
): SettingFault[] {
  return Object.keys(env).flatMap((setting) => {
    if (setting.length < minimumLength || known.includes(setting)) return []
    const meant = known.find((name) => name.length >= minimumLength && distance(name, setting) <= 2)
    return meant
      ? [{ setting, problem: phrase`is not a setting`, fix: phrase`rename it to ${meant}, or take it away` }]
      : []
  })
}
