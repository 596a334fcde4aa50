import { networkFault } from '../../../http-client/network-fault.ts'
import { type Check, notTried } from '../../check.ts'
import { machinePage } from '../../findings/console-pages.ts'
import { management, managementFacts } from '../../steps/management.ts'

/** Whether the Management API can be read, where there are credentials for it. */
export const managementCheck: Check = {
  id: 'management',
  title: "Logto's Management API",
  needs: ['logto-discovery'],
  async examine(on) {
    const tried = `read applications, connectors and webhooks at ${on.config.logto.endpoint}/api`
    const api = await management(on)
    if ('absent' in api) return notTried(tried, api.absent)
    try {
      const facts = await managementFacts(on)
      return {
        status: 'ok',
        tried,
        answer: `${counted(facts?.connectors.length ?? 0, 'enterprise connector')}`,
      }
    } catch (error) {
      const { problem, fix } = inWordsFor(error)
      return {
        status: 'broken',
        tried,
        answer: on.secrets.quote(problem),
        meaning: 'The credentials of the machine-to-machine application do not open the Management API.',
        fix,
      }
    }
  },
}

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`

/** The client raises errors that carry words for people; anything else comes from the network. */
function inWordsFor(error: unknown): { problem: string; fix: string } {
  const { problem, fix } = error as { problem?: unknown; fix?: unknown }
  if (typeof problem === 'string' && typeof fix === 'string') return { problem, fix }
  const fault = networkFault(error)
  return {
    problem: fault.words,
    fix: `${fault.fix} The credentials are on ${machinePage}, and go into LOGTO_M2M_APP_ID and LOGTO_M2M_APP_SECRET.`,
  }
}
