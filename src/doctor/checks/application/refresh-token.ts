import { commandLine } from '../../../settings/command-line.ts'
import { type Check, notTried } from '../../check.ts'
import { applicationPage } from '../../findings/console-pages.ts'
import { phrase } from '../../phrase.ts'
import { behindManagement, management, managementFacts } from '../../steps/management.ts'

/** Whether Logto gives the app refresh tokens: it does for `offline_access`, and else where it is switched on. */
export const refreshToken: Check = {
  id: 'refresh-token',
  title: phrase`Refresh tokens`,
  needs: ['management', 'app-id'],
  async examine(on) {
    const { logto, offlineAccess } = on.config
    if (offlineAccess)
      return {
        status: 'ok',
        tried: phrase`read LOGTO_OFFLINE_ACCESS`,
        answer: phrase`asked for by offline_access`,
      }
    const tried = phrase`read the application ${logto.appId} by the Management API`
    const api = await management(on)
    if ('absent' in api) return notTried(tried, behindManagement)
    const facts = await managementFacts(on)
    const isOn = facts?.application?.customClientMetadata.alwaysIssueRefreshToken === true
    const answer = phrase`always issue refresh token: ${isOn ? phrase`on` : phrase`off`}`
    if (isOn) return { status: 'ok', tried, answer }
    return {
      status: 'broken',
      tried,
      answer,
      meaning: phrase`With LOGTO_OFFLINE_ACCESS=false Logto gives this app no refresh token. Nothing is renewed: what ends at Logto without a logout or a webhook ends here at SESSION_ABSOLUTE_SECONDS only, and calls to Logto with the person’s token fail once the access token has run out.`,
      fix: phrase`${applicationPage(logto.appId, facts)} → Always issue refresh token: switch it on; or run ${commandLine('provision')}; or take LOGTO_OFFLINE_ACCESS=false away`,
    }
  },
}
