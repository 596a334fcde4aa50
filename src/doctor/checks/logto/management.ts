import { networkFault } from '../../../http-client/network-fault.ts'
import { ProvisionError } from '../../../provision/problem.ts'
import type { Text } from '../../../words/phrase.ts'
import { type Check, notTried } from '../../check.ts'
import { machinePage } from '../../findings/console-pages.ts'
import { phrase } from '../../phrase.ts'
import { management, managementFacts } from '../../steps/management.ts'

/** Whether the Management API can be read, where there are credentials for it. */
export const managementCheck: Check = {
  id: 'management',
  title: phrase`Logto's Management API`,
  needs: ['logto-discovery'],
  async examine(on) {
    const tried = phrase`read applications, connectors and webhooks at ${on.config.logto.endpoint}/api`
    const api = await management(on)
    if ('absent' in api) return notTried(tried, api.absent)
    try {
      const count = (await managementFacts(on))?.connectors.length ?? 0
      return {
        status: 'ok',
        tried,
        answer: count === 1 ? phrase`1 enterprise connector` : phrase`${count} enterprise connectors`,
      }
    } catch (error) {
      const { problem, fix } = inWordsFor(error)
      return {
        status: 'broken',
        tried,
        answer: on.secrets.quote(problem),
        meaning: phrase`The credentials of the machine-to-machine application do not open the Management API.`,
        fix,
      }
    }
  },
}

/** The client raises errors that carry words for people; anything else comes from the network. */
function inWordsFor(error: unknown): { problem: Text; fix: Text } {
  if (error instanceof ProvisionError) return error
  const fault = networkFault(error)
  return {
    problem: fault.words,
    fix: phrase`${fault.fix} The credentials are on ${machinePage}, and go into LOGTO_M2M_APP_ID and LOGTO_M2M_APP_SECRET.`,
  }
}
