import type { App, EventHook } from '../../../provision/okta/answers.ts'
import { ProvisionError } from '../../../provision/problem.ts'
import { withoutEchoes } from '../../../provision/without-echoes.ts'
import type { EnterpriseConnector } from '../../../settings/values/connectors.ts'
import { visibleIn } from '../../../settings/visible.ts'
import type { Examination } from '../../examination.ts'

/** What Okta's own API says of one company's org. */
export interface OktaFacts {
  company: EnterpriseConnector
  /** Undefined where the token may not see them. */
  hooks: EventHook[] | undefined
  /** The app that the company's people sign in through, where it is found. */
  app: App | undefined
}

export type OktaLook = OktaFacts | { absent: string } | { refused: ProvisionError }

const noToken =
  'it needs OKTA_ORG_URL and OKTA_API_TOKEN, of a super administrator of a company in SSO_CONNECTORS'

/** What the API token that provision has lets us see; nothing is changed. */
export const oktaFacts = (on: Examination) =>
  on.once(oktaFacts, async (): Promise<OktaLook> => {
    const { OKTA_ORG_URL: orgUrl, OKTA_API_TOKEN: apiToken, OKTA_ISSUER: issuer = orgUrl } = on.wiring ?? {}
    const company = on.config.connectors.find((entry) => entry.issuer === issuer)
    if (!orgUrl || !apiToken || !company) return { absent: noToken }
    try {
      const { connectOkta } = await import('../../../provision/okta/management.ts')
      const okta = connectOkta({ orgUrl, apiToken }, withoutEchoes(on.send, on.secrets))
      const hooks = await okta.eventHooks()
      const apps = await okta.apps()
      const listed = apps.find(({ credentials }) => credentials.oauthClient.client_id === company.clientId)
      return { company, ...visibleIn({ hooks, app: listed && (await okta.app(listed.id)) }) }
    } catch (error) {
      if (error instanceof ProvisionError) return { refused: error }
      if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error
      return { absent: 'it needs the development dependencies (npm ci)' }
    }
  })
