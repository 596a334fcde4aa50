import { addressesAt } from '../../../sso/addresses.ts'
import type { Text } from '../../../words/phrase.ts'
import { inWords } from '../../ask.ts'
import type { Check } from '../../check.ts'
import { applicationPage } from '../../findings/console-pages.ts'
import { showUrl } from '../../findings/show-url.ts'
import { unanswered } from '../../findings/unanswered.ts'
import { phrase } from '../../phrase.ts'
import { authorizationAnswer, authorizationError, authorizationUrl } from '../../steps/logto-requests.ts'
import { factsIfAny } from '../../steps/management.ts'

/** Whether Logto may send people back to the app. */
export const redirectUri: Check = {
  id: 'redirect-uri',
  title: phrase`The app's redirect URI at Logto`,
  needs: ['app-id'],
  async examine(on) {
    const tried = phrase`GET ${showUrl(await authorizationUrl(on))}`
    const asked = await authorizationAnswer(on)
    if ('fault' in asked) return unanswered(tried, asked.fault, 'Logto')
    const answer = inWords(asked, on.secrets)
    const facts = await factsIfAny(on)
    const error = authorizationError(asked)
    if (error?.code === 'invalid_redirect_uri') {
      const wanted = addressesAt(on.config.baseUrl).callback
      return {
        status: 'broken',
        tried,
        answer,
        meaning: phrase`Logto may not send people back to ${wanted}: it compares to the letter.${listed(facts?.application?.oidcClientMetadata.redirectUris)}`,
        fix: phrase`${applicationPage(on.config.logto.appId, facts)} → Redirect URIs: add ${wanted}`,
      }
    }
    if (!error && asked.status >= 300 && asked.status < 400)
      return { status: 'ok', tried, answer: phrase`${asked.status} to the sign-in page` }
    return {
      status: 'unknown',
      tried,
      answer: error ? on.secrets.quote(`${asked.status} ${error.code}: ${error.words}`) : answer,
      meaning: phrase`Logto refuses the authorization request for a reason of its own.`,
      fix: phrase`Look the error up in Logto console → Audit logs.`,
      // Without this answer there is no interaction to go on with.
      blocks: true,
    }
  },
}

/** What is registered instead, where that is known. */
export function listed(uris: readonly string[] | undefined): Text {
  if (!uris) return ''
  return uris.length > 0 ? phrase` Registered are: ${uris.join(', ')}.` : phrase` None is registered.`
}
