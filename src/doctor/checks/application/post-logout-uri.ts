import { errorIn, inWords } from '../../ask.ts'
import { type Check, notTried } from '../../check.ts'
import { applicationPage } from '../../findings/console-pages.ts'
import { unanswered } from '../../findings/unanswered.ts'
import { phrase } from '../../phrase.ts'
import { signOutAnswer } from '../../steps/logto-requests.ts'
import { factsIfAny } from '../../steps/management.ts'
import { listed } from './redirect-uri.ts'

/** Whether people come back to the app after signing out. */
export const postLogoutUri: Check = {
  id: 'post-logout-uri',
  title: phrase`The app's post sign-out redirect URI at Logto`,
  needs: ['app-id'],
  async examine(on) {
    const wanted = `${on.config.baseUrl}/`
    const tried = phrase`signed out at Logto without a session, to come back to ${wanted}`
    const asked = await signOutAnswer(on)
    if ('fault' in asked) return unanswered(tried, asked.fault, 'Logto')
    if (asked.status < 400) return { status: 'ok', tried, answer: String(asked.status) }
    const answer = inWords(asked, on.secrets)
    const error = errorIn(asked)
    // Logto refuses an application without any redirect URI first.
    if (error?.code === 'invalid_redirect_uri') return notTried(tried, phrase`because of redirect-uri`)
    if (!/post_logout_redirect_uri/.test(error?.words ?? '')) {
      return {
        status: 'unknown',
        tried,
        answer,
        meaning: phrase`Logto refuses to sign out for a reason of its own.`,
      }
    }
    const facts = await factsIfAny(on)
    return {
      status: 'broken',
      tried,
      answer,
      meaning: phrase`Signing out ends on an error page of Logto: ${wanted} is not registered.${listed(facts?.application?.oidcClientMetadata.postLogoutRedirectUris)}`,
      fix: phrase`${applicationPage(on.config.logto.appId, facts)} → Post sign-out redirect URIs: add ${wanted}`,
    }
  },
}
