import { type Check, notTried } from '../../check.ts'
import { signUpSwitch } from '../../findings/console-pages.ts'
import { phrase } from '../../phrase.ts'
import { behindManagement, management } from '../../steps/management.ts'
import { signInExperience } from '../../steps/sign-in-experience.ts'
import { accountPage, accountWithEmail, accountWithIdentity, emailOf } from './person.ts'

/** Whether Logto has an account with the address, or makes one, and lets its person in. */
export const personAccount: Check = {
  id: 'person-account',
  title: phrase`The account of this person at Logto`,
  needs: ['management', 'sso-switch'],
  async examine(on) {
    const { address } = emailOf(on)
    const tried = phrase`looked for the account with ${address} at Logto`
    const api = await management(on)
    if ('absent' in api) return notTried(tried, behindManagement)
    const account = await accountWithEmail(on, api)
    if (account?.isSuspended) {
      return {
        status: 'broken',
        tried,
        answer: phrase`${account.id} is suspended`,
        meaning: phrase`Logto lets nobody in as this account, whatever their Okta says.`,
        fix: phrase`${accountPage(account.id)} → Reactivate user`,
        blocks: false,
      }
    }
    if (account) return { status: 'ok', tried, answer: account.id }
    const mode = (await signInExperience(on)).experience?.signInMode
    if (mode !== 'SignIn')
      return { status: 'ok', tried, answer: phrase`none yet: the first sign-in makes it` }
    const { owner } = await accountWithIdentity(on, api)
    if (owner) return { status: 'ok', tried, answer: phrase`none, but ${owner.id} has their identity` }
    return {
      status: 'broken',
      tried,
      answer: phrase`there is none, and signInMode is SignIn`,
      meaning: phrase`Logto makes no new accounts: it refuses the person, whatever their Okta says.`,
      fix: phrase`${signUpSwitch}: switch it on, and save; or Logto console → User management → Add user: ${address}.`,
      blocks: false,
    }
  },
}
