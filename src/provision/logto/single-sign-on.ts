import { replacement, type Step } from '../plan.ts'
import { phrase } from '../problem.ts'
import type { LogtoManagement } from './api/management.ts'

/** The switch without which the sign-in page offers no “Single Sign-On”. */
export async function planSingleSignOn(logto: LogtoManagement): Promise<Step> {
  const { singleSignOnEnabled } = await logto.signInExperience()
  return {
    resource: phrase`Logto: Enterprise SSO`,
    action: singleSignOnEnabled ? 'leave' : 'change',
    changes: replacement(phrase`switched on`, String(singleSignOnEnabled), 'true'),
    notes: [],
    async apply() {
      await logto.enableSingleSignOn()
    },
  }
}
