import { type Check, notTried } from '../../check.ts'
import { applicationPage } from '../../findings/console-pages.ts'
import { phrase } from '../../phrase.ts'
import { behindManagement, management, managementFacts } from '../../steps/management.ts'

/** Whether Logto is told to say when a session ends there. */
export const backChannelLogout: Check = {
  id: 'back-channel-logout',
  title: phrase`Back-channel logout`,
  needs: ['management', 'app-id'],
  async examine(on) {
    const { baseUrl, logto } = on.config
    const tried = phrase`read the application ${logto.appId} by the Management API`
    const api = await management(on)
    if ('absent' in api) return notTried(tried, behindManagement)
    const facts = await managementFacts(on)
    const metadata = facts?.application?.oidcClientMetadata
    const wanted = `${baseUrl}/backchannel-logout`
    const uri = metadata?.backchannelLogoutUri
    const withSession = metadata?.backchannelLogoutSessionRequired === true
    const answer = phrase`${uri ?? phrase`no URI`}, ${withSession ? phrase`session required` : phrase`session not required`}`
    if (uri === wanted && withSession) return { status: 'ok', tried, answer }
    return {
      status: 'broken',
      tried,
      answer,
      meaning:
        uri === wanted
          ? phrase`Tokens carry no session ID (sid), so that a logout cannot say which session it ends.`
          : phrase`Logto does not tell this app when somebody signs out elsewhere.`,
      fix: phrase`${applicationPage(logto.appId, facts)} → Backchannel Logout → Backchannel logout URI: ${wanted}, with “Is session required?” ticked`,
    }
  },
}
