import type { Check } from '../../check.ts'
import { signUpSwitch } from '../../findings/console-pages.ts'
import { phrase } from '../../phrase.ts'
import { signInExperience, signInExperienceUrl } from '../../steps/sign-in-experience.ts'

/** Whether Logto gives an account to whoever comes from a company for the first time. */
export const signInMode: Check = {
  id: 'sign-in-mode',
  title: phrase`Who may sign in, and who may come new`,
  needs: ['sso-switch'],
  async examine(on) {
    const mode = (await signInExperience(on)).experience?.signInMode
    const found = {
      tried: `GET ${signInExperienceUrl(on)}`,
      answer: phrase`signInMode: ${mode ?? phrase`not said`}`,
    }
    switch (mode) {
      case 'SignInAndRegister':
        return { status: 'ok', ...found }
      case 'SignIn':
        return {
          status: 'warning',
          ...found,
          meaning: phrase`New people of a company are refused, whatever their Okta says (“The enterprise SSO account has not been registered yet.”), and nobody can create an account.`,
          fix: phrase`If they are to get an account at their first sign-in: ${signUpSwitch}: switch it on, and save. Otherwise make their accounts beforehand.`,
        }
      case 'Register':
        return {
          status: 'broken',
          ...found,
          meaning: phrase`Logto only registers: nobody who has an account can sign in.`,
          fix: phrase`Set signInMode to SignInAndRegister by the Management API (PATCH /api/sign-in-exp), or ${signUpSwitch}: switch it off and on, and save.`,
        }
      default:
        return { status: 'unknown', ...found, meaning: phrase`The answer names no mode that is known here.` }
    }
  },
}
