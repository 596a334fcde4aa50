import type { App, EventHook } from '../../../provision/okta/answers.ts'
import type { OktaManagement } from '../../../provision/okta/management.ts'
import { ProvisionError } from '../../../provision/problem.ts'
import { withoutEchoes } from '../../../provision/without-echoes.ts'
import type { EnterpriseConnector } from '../../../settings/companies/connector.ts'
import { MissingPackages, needs } from '../../../settings/missing-packages.ts'
import { visibleIn } from '../../../settings/visible.ts'
import type { Text } from '../../../words/phrase.ts'
import { type Finding, type NotTried, notTried } from '../../check.ts'
import type { Examination } from '../../examination.ts'
import { phrase } from '../../phrase.ts'
import { oktaCompanies } from '../../provider/provider-of.ts'

/** What Okta's own API says of one company's org. */
export interface OktaFacts {
  company: EnterpriseConnector
  /** Undefined where the token may not see them. */
  hooks: EventHook[] | undefined
  /** The app that the company's people sign in through, where it is found. */
  app: App | undefined
}

/** Why nothing of Okta's API could be read. */
export type NoOkta = { absent: Text } | { refused: ProvisionError }

const noToken = phrase`it needs OKTA_ORG_URL and OKTA_API_TOKEN, of a super administrator of a company in SSO_CONNECTORS`

/** Why nothing of Okta's words is looked at. */
export const noOkta = phrase`no company in SSO_CONNECTORS has Okta`

/** Reads something with the API token that provision has; nothing is changed. */
export async function readAtOkta<T>(
  on: Examination,
  read: (okta: OktaManagement, company: EnterpriseConnector) => Promise<T>,
): Promise<T | NoOkta> {
  const { OKTA_ORG_URL: orgUrl, OKTA_API_TOKEN: apiToken, OKTA_ISSUER: issuer = orgUrl } = on.wiring ?? {}
  const company = oktaCompanies(on).find((entry) => entry.issuer === issuer)
  if (!orgUrl || !apiToken || !company) return { absent: noToken }
  try {
    needs('doctor', ['@okta/okta-sdk-nodejs'])
    const { connectOkta } = await import('../../../provision/okta/management.ts')
    const okta = connectOkta({ orgUrl, apiToken }, withoutEchoes(on.send, on.secrets))
    const found = await read(okta, company)
    // What stands in its way is in words of ours.
    return typeof found === 'object' && found && 'absent' in found ? found : visibleIn(found)
  } catch (error) {
    if (error instanceof ProvisionError) return { refused: error }
    if (error instanceof MissingPackages) return { absent: error.problem }
    throw error
  }
}

/** The event hooks and the app of the company whose API token there is. */
export const oktaFacts = (on: Examination) =>
  on.once(oktaFacts, () =>
    readAtOkta(on, async (okta, company): Promise<OktaFacts> => {
      const hooks = await okta.eventHooks()
      const apps = await okta.apps()
      const listed = apps.find(({ credentials }) => credentials.oauthClient.client_id === company.clientId)
      return { company, hooks, app: listed && (await okta.app(listed.id)) }
    }),
  )

/** What a check says where nothing could be read. @param byEye where somebody can look instead */
export function notRead(on: Examination, tried: Text, look: NoOkta, byEye: Text): Finding | NotTried {
  if ('absent' in look) return notTried(tried, phrase`${look.absent}; ${byEye}`)
  const { problem, fix } = look.refused
  return {
    status: 'unknown',
    tried,
    answer: on.secrets.quote(problem),
    meaning: phrase`To be sure, ${byEye}.`,
    fix,
  }
}
