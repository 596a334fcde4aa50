import { createInterface } from 'node:readline/promises'
import { ProvisionError } from '../../provision/problem.ts'
import type { Language } from '../../words/languages.ts'
import { phrase } from '../phrase.ts'

/**
 * Asks at the terminal whether a plan is to be carried out.
 *
 * @returns false for any answer but yes, and for none
 * @throws ProvisionError where there is no terminal
 */
export async function isWanted(language: Language): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new ProvisionError(
      phrase`There is no terminal to ask at.`,
      phrase`Pass --yes to go ahead without being asked.`,
    )
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  try {
    const answer = await terminal.question(`${phrase`Go ahead? [y/N]`[language]} `)
    return /^y(es)?$/i.test(answer.trim())
  } catch (error) {
    if ((error as Error).name !== 'AbortError') throw error
    // Ctrl-C or Ctrl-D, which leave the cursor behind the question.
    process.stdout.write('\n')
    return false
  } finally {
    terminal.close()
  }
}
