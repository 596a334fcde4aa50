import type { Language } from '../words/languages.ts'
import { type Text, textIn } from '../words/phrase.ts'
import type { Check, Finding, NotTried, Result } from './check.ts'
import type { Examination } from './examination.ts'
import { phrase } from './phrase.ts'

/**
 * Tries the links in their order. One whose needs are not met is not tried; all others are, whatever is broken
 * elsewhere.
 *
 * @param checks in the order of the chain, each after those it needs
 * @param on what they share
 * @param onProgress told of each link before it is tried
 * @returns a function that gives a result for each check in a language; no secret that the examination knows is in any
 */
export async function runChecks(
  checks: readonly Check[],
  on: Examination,
  onProgress: (title: Text) => void,
): Promise<(language: Language) => Result[]> {
  const results: Found[] = []
  /** For each link that cannot be passed: the broken one that is the reason. */
  const blocked = new Map<string, string>()
  for (const check of checks) {
    const reason = check.needs.map((id) => blocked.get(id)).find((id) => id !== undefined)
    if (reason !== undefined) {
      blocked.set(check.id, reason)
      results.push(resultOf(check, { status: 'skipped', tried: '', because: phrase`because of ${reason}` }))
      continue
    }
    onProgress(check.title)
    const finding = await check.examine(on).catch(failedItself)
    if (finding.status !== 'skipped' && (finding.blocks ?? finding.status === 'broken')) {
      blocked.set(check.id, check.id)
    }
    results.push(resultOf(check, finding))
  }
  return (language) => results.map((result) => resultIn(language, result, on))
}

/** A result in words of no language yet. */
type Found = { [Name in keyof Result]: Name extends 'id' | 'status' ? Result[Name] : Text }

function resultOf({ id, title }: Check, finding: Finding | NotTried): Found {
  if (finding.status === 'skipped') {
    const { tried, because } = finding
    return { id, title, status: 'skipped', tried, answer: '', because }
  }
  const { blocks: _blocks, ...found } = finding
  return { id, title, ...found }
}

/** A bug of the doctor's says nothing of the link. Only the kind of error is shown: its message may hold anything. */
function failedItself(error: unknown): Finding {
  return {
    status: 'unknown',
    tried: phrase`to examine this link`,
    answer: phrase`the doctor failed: ${error instanceof Error ? error.name : typeof error}`,
    meaning: phrase`This is a fault of the doctor, and says nothing about the link.`,
  }
}

function resultIn(language: Language, result: Found, { secrets }: Examination): Result {
  const entries = Object.entries(result).map(([name, value]) => [
    name,
    name === 'id' || name === 'status' ? value : secrets.cutFrom(textIn(value, language)),
  ])
  return Object.fromEntries(entries) as Result
}
