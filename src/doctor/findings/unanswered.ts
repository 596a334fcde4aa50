import type { NetworkFault } from '../../http-client/network-fault.ts'
import type { Finding } from '../check.ts'

/** Nobody answered a call: the link is broken. @param whom in words, such as “Logto” */
export function unanswered(
  tried: string,
  { words, fix }: NetworkFault,
  whom: string,
  more: Partial<Finding> = {},
): Finding {
  return {
    status: 'broken',
    tried,
    answer: words,
    meaning: `${whom} cannot be reached from here.`,
    fix,
    ...more,
  }
}
