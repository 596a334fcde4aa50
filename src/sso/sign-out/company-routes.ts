import type { LiveConfig } from '../../companies/index.ts'
import type { Logger } from '../http/logger.ts'
import { limitedFetch } from '../logto/logto-client.ts'
import type { SessionStore } from '../session/session-store.ts'
import { companyEndings } from './company-endings.ts'
import { oktaWebhook } from './okta-webhook.ts'
import { universalLogout } from './universal-logout.ts'

/**
 * Both ways in which a company's Okta says that somebody has to go.
 *
 * @param context.revoke has Logto revoke the tokens of a session that has ended
 * @param context.fetch how the companies' keys are read
 * @returns the handlers, and `close`, to be called before the store is left
 */
export function companyRoutes(context: {
  config: LiveConfig
  store: SessionStore
  revoke: (session: object) => void
  logger: Logger
  fetch: typeof fetch
}) {
  const endings = companyEndings(context)
  const send = limitedFetch(context.config, context.fetch)
  return {
    handlers: {
      oktaWebhook: oktaWebhook({ ...context, endings }),
      globalTokenRevocation: universalLogout({ ...context, endings, send }),
    },
    close: endings.close,
  }
}
