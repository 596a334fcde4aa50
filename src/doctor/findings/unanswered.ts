import type { NetworkFault } from '../../http-client/network-fault.ts'
import type { Text } from '../../words/phrase.ts'
import type { Finding } from '../check.ts'
import { phrase } from '../phrase.ts'

/** Nobody answered a call: the link is broken. @param whom in words, such as “Logto” */
export function unanswered(
  tried: Text,
  { words, fix }: NetworkFault,
  whom: Text,
  more: Partial<Finding> = {},
): Finding {
  return {
    status: 'broken',
    tried,
    answer: words,
    meaning: phrase`${whom} cannot be reached from here.`,
    fix,
    ...more,
  }
}
