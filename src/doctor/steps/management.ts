import { latestAccounts } from '../../provision/accounts.ts'
import { managementApiOf } from '../../provision/desired.ts'
import type {
  ApiResource,
  Application,
  Connector,
  Hook,
  SsoIdentity,
  User,
} from '../../provision/logto/api/answers.ts'
import { managementClient } from '../../provision/logto/api/management.ts'
import { withoutEchoes } from '../../provision/without-echoes.ts'
import { MissingPackages, needs } from '../../settings/missing-packages.ts'
import { visibleIn } from '../../settings/visible.ts'
import type { Text } from '../../words/phrase.ts'
import type { Examination } from '../examination.ts'
import { phrase } from '../phrase.ts'

/** The part of Logto's Management API that is read here. Nothing is ever changed. */
export interface Management {
  application(id: string): Promise<Application | undefined>
  secrets(applicationId: string): Promise<Array<{ value: string; expiresAt?: number | null | undefined }>>
  connectors(): Promise<Connector[]>
  hooks(): Promise<Hook[]>
  apiResources(): Promise<ApiResource[]>
  joinedThrough(organizationId: string): Promise<string[]>
  joinedAs(organizationId: string): Promise<string[]>
  organizationRoles(): Promise<Array<{ id: string; name: string }>>
  organizationsOf(userId: string): Promise<string[]>
  idTokenClaims(): Promise<string[] | undefined>
  users(): Promise<User[]>
  userWithEmail(email: string): Promise<User | undefined>
  identities(userId: string): Promise<SsoIdentity[]>
}

/** What stands between us and the Management API, in words for “not tried: …”. */
export type NoManagement = { absent: Text }

export const noCredentials = phrase`it needs LOGTO_M2M_APP_ID and LOGTO_M2M_APP_SECRET, a machine-to-machine application with the role “Logto Management API access”`

/** For whatever cannot be tried without it. */
export const behindManagement = phrase`it needs the Management API (see management)`

/** The Management API, with credentials that may still be wrong. */
export const management = (on: Examination) =>
  on.once(management, async (): Promise<Management | NoManagement> => {
    const { wiring } = on
    if (!wiring) return { absent: phrase`because of settings` }
    const { LOGTO_M2M_APP_ID: appId, LOGTO_M2M_APP_SECRET: appSecret } = wiring
    if (!appId || !appSecret) return { absent: noCredentials }
    const { endpoint } = on.config.logto
    try {
      needs('doctor', ['@logto/api'])
      const managementApi = wiring.LOGTO_MANAGEMENT_API ?? managementApiOf(endpoint)
      return await managementClient(
        { endpoint, managementApi, appId, appSecret },
        withoutEchoes(on.send, on.secrets),
      )
    } catch (error) {
      if (error instanceof MissingPackages) return { absent: error.problem }
      throw error
    }
  })

/** The accounts whose people signed in last. @throws whatever the client raises */
export const lastAccounts = (on: Examination, api: Management) =>
  on.once(lastAccounts, async () => visibleIn(await latestAccounts(api)))

/** Everything that is read by it. @throws whatever the client raises */
export const managementFacts = (on: Examination) =>
  on.once(managementFacts, async () => {
    const api = await management(on)
    if ('absent' in api) return undefined
    const connectors = await api.connectors()
    for (const { config } of connectors)
      on.secrets.addClient(config.clientId ?? '', config.clientSecret ?? '')
    const hooks = await api.hooks()
    on.secrets.add(...hooks.map(({ signingKey }) => signingKey))
    const application = await api.application(on.config.logto.appId)
    const secrets = application ? await api.secrets(application.id) : []
    on.secrets.add(...secrets.map(({ value }) => value))
    const apiResources = on.config.apiResource === undefined ? [] : await api.apiResources()
    return visibleIn({ application, secrets, connectors, hooks, apiResources })
  })
export type ManagementFacts = NonNullable<Awaited<ReturnType<typeof managementFacts>>>

/** The same where something else is examined that can do without. */
export const factsIfAny = (on: Examination): Promise<ManagementFacts | undefined> =>
  managementFacts(on).catch(() => undefined)
