import { adminTenant, isAdminTenant } from '../../../provision/logto/tenant.ts'
import { inWords } from '../../ask.ts'
import type { Check } from '../../check.ts'
import { showUrl } from '../../findings/show-url.ts'
import { unanswered } from '../../findings/unanswered.ts'
import { phrase } from '../../phrase.ts'
import { logtoStatus } from '../../steps/logto-status.ts'
import { signInExperience, signInExperienceUrl } from '../../steps/sign-in-experience.ts'

/** Whether there is a Logto at LOGTO_ENDPOINT. */
export const logtoEndpoint: Check = {
  id: 'logto-endpoint',
  title: phrase`Logto at LOGTO_ENDPOINT`,
  needs: ['settings'],
  async examine(on) {
    const { endpoint } = on.config.logto
    const tried = `GET ${endpoint}/api/status`
    const asked = await logtoStatus(on)
    if ('fault' in asked) {
      const { words, fix } = asked.fault
      return unanswered(
        tried,
        { words, fix: phrase`${fix} Logto is expected at LOGTO_ENDPOINT=${endpoint}.` },
        'Logto',
      )
    }
    const target = asked.headers.get('location')
    const said = inWords(asked, on.secrets)
    const answer = target ? phrase`${said} to ${showUrl(target, endpoint)}` : said
    if (asked.status === 204) {
      const { experience } = await signInExperience(on)
      if (!isAdminTenant(experience?.tenantId)) return { status: 'ok', tried, answer }
      const { problem: meaning, fix } = adminTenant(endpoint)
      return {
        status: 'broken',
        tried: `GET ${signInExperienceUrl(on)}`,
        answer: phrase`tenantId: ${experience?.tenantId}`,
        meaning,
        fix,
      }
    }
    return {
      status: 'broken',
      tried,
      answer,
      meaning:
        asked.status >= 500
          ? phrase`Logto, or a proxy before it, has a fault.`
          : phrase`What answers there is not a Logto (which answers 204).`,
      fix: phrase`Set LOGTO_ENDPOINT to “Logto endpoint” (Logto console → Applications → the app → Endpoints & Credentials); now it is ${endpoint}. The console itself has another address.`,
    }
  },
}
