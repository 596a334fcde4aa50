import { inWords } from '../../ask.ts'
import type { Check } from '../../check.ts'
import { enterpriseSsoSwitch } from '../../findings/console-pages.ts'
import { unanswered } from '../../findings/unanswered.ts'
import { phrase } from '../../phrase.ts'
import { signInExperience, signInExperienceUrl } from '../../steps/sign-in-experience.ts'

/** Whether Logto's sign-in page offers enterprise SSO. */
export const ssoSwitch: Check = {
  id: 'sso-switch',
  title: phrase`The switch for Enterprise SSO`,
  needs: ['logto-endpoint'],
  async examine(on) {
    const tried = `GET ${signInExperienceUrl(on)}`
    const { asked, experience } = await signInExperience(on)
    if ('fault' in asked) return unanswered(tried, asked.fault, 'Logto')
    if (!experience) {
      const answer = inWords(asked, on.secrets)
      return {
        status: 'unknown',
        tried,
        answer,
        meaning: phrase`The answer is not a sign-in experience.`,
        blocks: true,
      }
    }
    const answer = phrase`singleSignOnEnabled: ${experience.singleSignOnEnabled}`
    if (experience.singleSignOnEnabled) return { status: 'ok', tried, answer }
    return {
      status: 'broken',
      tried,
      answer,
      meaning: phrase`The sign-in page has no “Single Sign-On”, and no email address leads to Okta.`,
      fix: phrase`${enterpriseSsoSwitch}: switch it on, and save`,
    }
  },
}
